/** The fields that decide a feature's value, and a time; Enter asks. What was typed stays, whatever comes of it. */
import {ClientError} from 'millrace/client';
import type {FeatureDetail, ReadField} from 'millrace/protocol';
import {useEffect, useState} from 'react';
import {usePredictions} from '../../../data/queries.ts';
import {type Asking, decisive, type Typed} from './values-panel-question.ts';

type Props = {
  readonly detail: FeatureDetail;
  readonly asking: Asking;
  readonly busy: boolean;
  readonly problems: Error | null;
  /** Asks the same again. */
  readonly reread: () => void;
};

type Draft = {readonly set?: string; readonly fields: Typed; readonly at?: string};
const NOTHING: Draft = {fields: {}};

export function ValuesForm({detail: {sets}, asking, busy, problems, reread}: Props) {
  // Only what differs from the address: back shows the earlier question again.
  const [draft, setDraft] = useState(NOTHING);
  const address = JSON.stringify([asking.typed, asking.at, asking.set?.set]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address moved, so it is what counts now.
  useEffect(() => setDraft(NOTHING), [address]);
  const set = sets.find(candidate => candidate.set === draft.set) ?? asking.set;
  const fields = decisive(set);
  const at = draft.at ?? asking.at;
  const text = (name: string) => draft.fields[name] ?? asking.typed[name] ?? '';
  return (
    <form
      className="value-form"
      aria-label="Ask for its value"
      onSubmit={event => {
        event.preventDefault();
        const typed = Object.fromEntries(fields.map(({name}) => [name, text(name)]));
        if (set !== null && asking.ask(set.set, typed, at)) reread();
      }}
    >
      {sets.length > 1 && (
        <label>
          <span>Feature set</span>
          <select
            className="button"
            value={set?.set ?? ''}
            onChange={event => setDraft({...draft, set: event.target.value})}
          >
            {sets.map(candidate => (
              <option key={candidate.set}>{candidate.set}</option>
            ))}
          </select>
        </label>
      )}
      {fields.map(field => (
        <Field
          key={field.name}
          field={field}
          model={set?.models[0] ?? null}
          value={text(field.name)}
          wrong={isWrong(problems, field.name)}
          change={value => setDraft({...draft, fields: {...draft.fields, [field.name]: value}})}
        />
      ))}
      <label className="wide">
        <span>
          As of <small>now, or ISO 8601 with its zone</small>
        </span>
        <input
          name="at"
          placeholder="now"
          autoComplete="off"
          spellCheck={false}
          value={at}
          aria-invalid={problems?.message.startsWith("'at'") ?? false}
          onChange={event => setDraft({...draft, at: event.target.value})}
        />
      </label>
      <button type="submit" className="button main" disabled={busy}>
        {busy ? 'Asking' : 'Ask'}
      </button>
    </form>
  );
}

type FieldProps = {
  readonly field: ReadField;
  readonly model: string | null;
  readonly value: string;
  readonly wrong: boolean;
  readonly change: (value: string) => void;
};

function Field({field: {name, type, entity}, model, value, wrong, change}: FieldProps) {
  const predictions = usePredictions(model, RECENT).data ?? [];
  const seen = [...new Set(predictions.flatMap(({request}) => request[name] ?? []))].map(String);
  const list = `recent-${name}`;
  return (
    <label>
      <span>
        {name}{' '}
        <small>
          {type}
          {entity === null ? ', null if empty' : entity === name ? '' : `, key of ${entity}`}
        </small>
      </span>
      <input
        name={name}
        list={list}
        required={entity !== null}
        autoComplete="off"
        spellCheck={false}
        inputMode={type === 'int' ? 'numeric' : type === 'number' ? 'decimal' : 'text'}
        value={value}
        aria-invalid={wrong}
        onChange={event => change(event.target.value)}
      />
      <datalist id={list}>
        {seen.slice(0, 20).map(option => (
          <option key={option} value={option} />
        ))}
      </datalist>
    </label>
  );
}

/** Newest predictions whose keys are offered. */
export const RECENT = 50;

const isWrong = (error: Error | null, field: string): boolean =>
  error instanceof ClientError && error.problems.some(({path}) => path.endsWith(`.${field}`));
