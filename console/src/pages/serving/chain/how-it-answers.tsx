/** How a model answers: its levels in the order in which they are tried, what was answered before, and the written rules. */
import type {ServingStatus} from 'millrace/protocol';
import {count, plural} from '../../../format/numbers.ts';
import {Status} from '../../../parts/meaning.tsx';
import {Section} from '../../../parts/page.tsx';
import {Chain} from './chain.tsx';
import {sharesOf} from './chain-words.ts';
import {Hybrid} from './hybrid.tsx';

export function HowItAnswers({status}: {status: ServingStatus}) {
  const {total, gone} = sharesOf(status);
  const {lacking, unlogged, policy, hybrid, version, ready} = status;
  return (
    <Section
      id="answers"
      title="How it answers"
      aside={
        total === 0 ? 'nothing was asked since the process began' : `${plural(total, 'answer')} since the process began`
      }
    >
      {(unlogged > 0 || lacking.length > 0) && (
        <ul className="notices">
          {unlogged > 0 && (
            <li>
              <Status level="bad" word={`${count(unlogged)} not logged`} />
              <span>
                These predictions were answered, and the log had no room for them: neither labels nor monitoring will
                know of them.
              </span>
            </li>
          )}
          {lacking.map(name => (
            <li key={name}>
              <Status level="watch" word={`${name} is lacking`} />
              <span>
                The policy names the simpler model {name}, and {version === null ? 'the champion' : `v${version}`} was
                trained without it: the chain goes on below it.
              </span>
            </li>
          ))}
        </ul>
      )}
      {(ready || total > 0) && <Chain status={status} />}
      {gone.length > 0 && (
        <p className="muted small after">
          Levels that the chain has no longer:{' '}
          {gone.map(({level, answers}) => `${level} with ${plural(answers, 'answer')}`).join(', ')}.
        </p>
      )}
      <div className="columns">
        {hybrid && <Hybrid hybrid={hybrid} />}
        {policy.length > 0 && (
          <div>
            <h3>{ready ? 'The written rules' : 'Why it does not answer, and the written rules'}</h3>
            <ul className="rules">
              {policy.map(sentence => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Section>
  );
}
