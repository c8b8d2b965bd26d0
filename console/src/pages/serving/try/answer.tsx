import {formatDuration, type PredictAnswer, type Prediction} from 'millrace/protocol';
import {count, ratio, significant} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {Shape, Status} from '../../../parts/meaning.tsx';
import {Go} from '../../../parts/page.tsx';
import {isModels, reasonWords} from '../chain/chain-words.ts';
import {Contributions} from './contributions.tsx';

/** One prediction and all that was said beside it, the unusual first. */
export function Answer({answer}: {answer: PredictAnswer}) {
  const times = useTimes();
  const [first] = answer.predictions;
  if (!first) return <p>The answer holds no prediction.</p>;
  const {version, role, at, id, explanation, freshness} = first;
  const features = Object.entries(first.features ?? {});
  return (
    <>
      <Amount prediction={first} />
      <p className="muted">
        by v{version}, {role}, at {times.second(at)} {times.zoneName}
        {features.length > 0 && `, from ${count(features.length)} features`}; logged as{' '}
        <span className="mono">{id}</span>
      </p>
      <Remarks prediction={first} />
      {explanation && <Contributions {...explanation} />}
      {explanation === null && (
        <p className="muted after">No model gave this answer just now: there is nothing to explain.</p>
      )}
      {freshness && <Freshness freshness={freshness} at={at} />}
      {features.length > 0 && (
        <>
          <h3 className="after">Features as they were read</h3>
          <dl className="used small">
            {features.map(([name, value]) => (
              <div key={name} className="fact">
                <dt>{name}</dt>
                <dd>
                  {value === null ? (
                    <span className="muted">null</span>
                  ) : typeof value === 'number' ? (
                    significant(value)
                  ) : (
                    String(value)
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </>
  );
}

function Amount({prediction: {prediction, abstained, score}}: {prediction: Prediction}) {
  if (prediction === null)
    return (
      <>
        <p className="big-number">{abstained ? 'People are asked' : 'No number'}</p>
        <p>
          {abstained ? (
            <>
              The model abstained: it leans to {ratio(score)}, which is less sure than its policy wants. It waits among
              the <Go to="/serving/reviews">reviews</Go>.
            </>
          ) : (
            'The model answered with something that is not a number.'
          )}
        </p>
      </>
    );
  const isShare = prediction >= 0 && prediction <= 1;
  return (
    <>
      <p className="big-number">{isShare ? ratio(prediction) : significant(prediction)}</p>
      {isShare && (
        <p className="track" aria-hidden="true">
          <span style={{width: `${prediction * 100}%`}} />
        </p>
      )}
    </>
  );
}

/** Which level answered, why those above did not, and inputs that training never saw. */
function Remarks({prediction: {level, skipped = [], outside = []}}: {prediction: Prediction}) {
  return (
    <ul className="remarks">
      <li>
        <Shape level={isModels(level) ? 'good' : 'watch'} size={10} />
        <span>{level === 'model' ? 'The model answered.' : `Answered by level ${level}.`}</span>
      </li>
      {skipped.map(skip => (
        <li key={skip.level}>
          <Shape level="watch" size={10} />
          <span>
            {skip.level} was passed over, {reasonWords(skip.reason)}
            {skip.message === undefined ? (
              '.'
            ) : (
              <>
                : <span className="muted">{skip.message}</span>
              </>
            )}
          </span>
        </li>
      ))}
      {outside.length > 0 && (
        <li>
          <Shape level="watch" size={10} />
          <span>Outside what training saw: {outside.join(', ')}.</span>
        </li>
      )}
    </ul>
  );
}

function Freshness({freshness, at}: {freshness: NonNullable<Prediction['freshness']>; at: number}) {
  const times = useTimes();
  return (
    <>
      <h3 className="after">Newest event behind each view</h3>
      <dl className="used small">
        {Object.entries(freshness).map(([view, newest]) => (
          <div key={view} className="fact">
            <dt>{view}</dt>
            <dd>
              {newest === null ? (
                <Status level="unknown" word="none is known" />
              ) : (
                <span title={`${times.second(newest)} ${times.zoneName}`}>{formatDuration(at - newest)} before</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
