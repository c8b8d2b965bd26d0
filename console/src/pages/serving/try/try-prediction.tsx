/** One prediction by hand, through the same door as everyone's. What was typed is kept when it fails. */
import {useMutation} from '@tanstack/react-query';
import type {JsonValue, PredictionRecord} from 'millrace/protocol';
import {useRef, useState} from 'react';
import {client} from '../../../data/queries.ts';
import {Failure} from '../../../parts/failure.tsx';
import {Section} from '../../../parts/page.tsx';
import {Answer} from './answer.tsx';

/** The newest request as it was sent, as a place to start from. */
const starter = (newest: PredictionRecord | null): string => JSON.stringify(newest?.request ?? {}, null, 2);

type Props = {
  readonly model: string;
  readonly newest: PredictionRecord | null;
  /** What an instance holds, where no request shows it. */
  readonly hint?: string;
};

export function TryPrediction({model, newest, hint}: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  // The request that was newest when the form came: it does not change under the reader's hands.
  const first = useRef(newest);
  first.current ??= newest;
  const text = typed ?? starter(first.current);
  const ask = useMutation({
    mutationFn: async (body: string) =>
      client.predict(model, {instances: [parsed(body)], explain: true, freshness: true}),
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
          {hint ?? 'Keys and request fields of one instance, as JSON. Prefilled with the newest request.'}
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
            The answer will stand here: the prediction, which level of which version gave it, and for a model of this
            project what each feature added and how fresh they were. It is logged like any other.
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
