/** One prediction by hand, through the same door as everyone's. What was typed is kept when it fails. */
import {useMutation} from '@tanstack/react-query';
import type {JsonValue, PredictAnswer, PredictionRecord} from 'millrace/protocol';
import {useRef, useState} from 'react';
import {client} from '../../data/queries.ts';
import {count, ratio, significant} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {Failure} from '../../parts/failure.tsx';
import {Section} from '../../parts/page.tsx';

/** The newest request as it was sent, as a place to start from. */
const starter = (newest: PredictionRecord | null): string => JSON.stringify(newest?.request ?? {}, null, 2);

export function TryPrediction({model, newest}: {model: string; newest: PredictionRecord | null}) {
  const [typed, setTyped] = useState<string | null>(null);
  // The request that was newest when the form came: it does not change under the reader's hands.
  const first = useRef(newest);
  first.current ??= newest;
  const text = typed ?? starter(first.current);
  const ask = useMutation({
    mutationFn: async (body: string) => client.predict(model, {instances: [parsed(body)]}),
  });
  return (
    <Section title="Try a prediction" aside={`POST /v1/models/${model}/predict`}>
      <form
        className="try"
        onSubmit={event => {
          event.preventDefault();
          ask.mutate(text);
        }}
      >
        <label htmlFor="instance" className="muted small">
          Keys and request fields of one instance, as JSON. Prefilled with the newest request.
        </label>
        <textarea
          id="instance"
          rows={10}
          spellCheck={false}
          value={text}
          onChange={event => setTyped(event.target.value)}
        />
        <p>
          <button type="submit" className="button main" disabled={ask.isPending}>
            {ask.isPending ? 'Asking' : 'Predict'}
          </button>
        </p>
      </form>
      <div className="answer" aria-live="polite">
        {ask.error && <Failure error={ask.error} unaffected="Nothing was logged; what you typed is kept." />}
        {ask.data && <Answer answer={ask.data} />}
        {!ask.error && !ask.data && (
          <p className="muted">
            The answer will stand here: the prediction, which version gave it, and the features it used. It is logged
            like any other.
          </p>
        )}
      </div>
    </Section>
  );
}

function parsed(text: string): {readonly [field: string]: JsonValue} {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`This is not JSON: ${(cause as Error).message}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('One instance is a JSON object, such as {"origin": "ATL"}.');
  return value as {readonly [field: string]: JsonValue};
}

function Answer({answer}: {answer: PredictAnswer}) {
  const times = useTimes();
  const [first] = answer.predictions;
  if (!first) return <p>The answer holds no prediction.</p>;
  const features = Object.entries(first.features);
  return (
    <>
      <p className="big-number">{ratio(first.prediction)}</p>
      <p className="track" aria-hidden="true">
        <span style={{width: `${Math.min(1, Math.max(0, first.prediction)) * 100}%`}} />
      </p>
      <p className="muted">
        by v{first.version}, {first.role}, at {times.second(first.at)} {times.zoneName}, from {count(features.length)}{' '}
        features; logged as <span className="mono">{first.id}</span>
      </p>
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
  );
}
