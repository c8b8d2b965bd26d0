import type {LevelRecord, ServingStatus} from 'millrace/protocol';
import {compact, count, percent, plural} from '../../../format/numbers.ts';
import {Status} from '../../../parts/meaning.tsx';
import {BREAKERS, hasBreaker, reasonWords, type Share, sharesOf, skipsOf} from './chain-words.ts';

/** The levels from left to right, each with its share of the answers and why it was passed over. */
export function Chain({status}: {status: ServingStatus}) {
  const {before, chain} = sharesOf(status);
  return (
    <ol className="chain" aria-label="Levels in the order in which they are tried">
      {before.length > 0 && (
        <li className="before">
          <p className="name">given before</p>
          <p className="muted small">earlier answers, and tables</p>
          <dl>
            {before.map(each => (
              <ShareRow key={each.level} {...each} />
            ))}
          </dl>
        </li>
      )}
      {chain.map(({record, ...each}) => (
        <li key={each.level}>
          <p className="name">{each.level}</p>
          {record && hasBreaker(each.level) ? (
            <Status {...BREAKERS[record.breaker]} />
          ) : (
            <p className="muted small">{record ? 'needs no breaker' : 'nothing stands below it'}</p>
          )}
          <p className="amount" title={`${count(each.answers)} answers`}>
            {percent(each.share)} <small>{compact(each.answers)}</small>
          </p>
          <p className="track" aria-hidden="true">
            <span style={{width: `${each.share * 100}%`}} />
          </p>
          {record && <Skips record={record} />}
        </li>
      ))}
    </ol>
  );
}

const ShareRow = ({level, answers, share}: Share) => (
  <div title={`${count(answers)} answers`}>
    <dt>{level}</dt>
    <dd>
      {percent(share)} <span className="muted">{compact(answers)}</span>
    </dd>
  </div>
);

function Skips({record}: {record: LevelRecord}) {
  const skips = skipsOf(record);
  if (skips.length === 0) return <p className="muted small">never passed over</p>;
  const times = skips.reduce((sum, [, n]) => sum + n, 0);
  return (
    <div className="skips small">
      <p className="muted">passed over {plural(times, 'time')}</p>
      <dl>
        {skips.map(([reason, n]) => (
          <div key={reason}>
            <dt>{reasonWords(reason)}</dt>
            <dd>{count(n)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
