/** Asks what to say nothing of, until when and why; says what that keeps quiet now before it is made. */
import {useMutation} from '@tanstack/react-query';
import type {SilenceRequest} from 'millrace/client';
import type {AlertKind} from 'millrace/protocol';
import {type FormEvent, useState} from 'react';
import {client, queries, useAlerts, useIncidents, useModel} from '../../../data/queries.ts';
import {useTimes} from '../../../format/times.ts';
import {useSetting} from '../../../frame/setting.ts';
import {AuditTrace} from '../../../parts/audit-trace.tsx';
import {Failure} from '../../../parts/failure.tsx';
import {givenIn, type Matches, matchWords, quieted} from './silence-matches.ts';

const KINDS: readonly AlertKind[] = [
  'performance',
  'calibration',
  'estimate',
  'concept',
  'drift',
  'multivariate',
  'prediction-drift',
  'quality',
  'data',
  'skew',
  'volume',
  'latency',
  'slo',
  'feedback-loop',
];

const HOUR = 3_600_000;
const LENGTHS: readonly (readonly [value: string, title: string, ms: number])[] = [
  ['1h', 'for an hour', HOUR],
  ['4h', 'for 4 hours', 4 * HOUR],
  ['1d', 'for a day', 24 * HOUR],
  ['7d', 'for a week', 168 * HOUR],
  ['', 'until a time …', 0],
];

type Props = {readonly initial: Matches; readonly clock: number; readonly close?: () => void};

export function SilenceForm({initial, clock, close}: Props) {
  const times = useTimes();
  const {models} = useModel();
  const [name] = useSetting('reviewer', '');
  const [matches, setMatches] = useState<Matches>(initial);
  const [kind, setKind] = useState<'silence' | 'maintenance'>('silence');
  const [length, setLength] = useState('4h');
  const make = useMutation({
    mutationFn: (request: SilenceRequest) => client.silence(request),
    onSuccess: () => void queries.invalidateQueries(),
  });
  const set = (field: keyof Matches) => (value: string) => setMatches({...matches, [field]: value});
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (field: string) => String(form.get(field) ?? '').trim();
    make.mutate({
      kind,
      matches: givenIn(matches),
      reason: text('reason'),
      ...(length === '' ? {to: `${text('to')}Z`} : {for: length}),
      ...(text('from') === '' ? {} : {from: `${text('from')}Z`}),
      ...(name.trim() === '' ? {} : {by: name.trim()}),
    });
  };
  if (make.data)
    return (
      <div className="confirm done" role="status">
        <p>
          Nobody is told of {matchWords(make.data.matches)} from {times.minute(make.data.from)} until{' '}
          {times.minute(make.data.to)} {times.zoneName}.
        </p>
        <AuditTrace action="silence.create" what="silence" />
        <p>
          <button type="button" className="button" onClick={() => (close ? close() : make.reset())}>
            Close
          </button>
        </p>
      </div>
    );
  return (
    <form className="confirm silence-form value-form" onSubmit={submit} aria-label="New silence">
      <label>
        <span>Model</span>
        <input list="silence-models" value={matches.model ?? ''} onChange={event => set('model')(event.target.value)} />
        <datalist id="silence-models">
          {models.map(model => (
            <option key={model} value={model} />
          ))}
        </datalist>
      </label>
      <label className="wide">
        <span>Cause</span>
        <input
          value={matches.cause ?? ''}
          placeholder="any, or such as source:orders"
          onChange={event => set('cause')(event.target.value)}
        />
      </label>
      <label>
        <span>Kind of alert</span>
        <select value={matches.kind ?? ''} onChange={event => set('kind')(event.target.value)}>
          <option value="">any</option>
          {KINDS.map(one => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label>
        <span>Subject</span>
        <input
          value={matches.subject ?? ''}
          placeholder="any; * stands for any text"
          onChange={event => set('subject')(event.target.value)}
        />
      </label>
      <label>
        <span>How long</span>
        <select value={length} onChange={event => setLength(event.target.value)}>
          {LENGTHS.map(([value, title]) => (
            <option key={title} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {length === '' && (
        <label>
          <span>
            Until <small>UTC</small>
          </span>
          <input name="to" type="datetime-local" required defaultValue={inputTime(clock + 86_400_000)} />
        </label>
      )}
      <label>
        <span>What it is</span>
        <select value={kind} onChange={event => setKind(event.target.value === 'silence' ? 'silence' : 'maintenance')}>
          <option value="silence">a silence</option>
          <option value="maintenance">maintenance</option>
        </select>
      </label>
      {kind === 'maintenance' && (
        <label>
          <span>
            From <small>UTC; now if empty</small>
          </span>
          <input name="from" type="datetime-local" />
        </label>
      )}
      <label className="reason-field">
        <span>Reason</span>
        <input name="reason" required maxLength={500} autoComplete="off" placeholder="why nobody needs to be told" />
      </label>
      <Preview matches={matches} until={kind === 'silence' ? endOf(length, clock) : null} />
      <p className="buttons">
        <button type="submit" className="button main" disabled={make.isPending}>
          {make.isPending ? 'Silencing' : kind === 'silence' ? 'Silence' : 'Plan maintenance'}
        </button>{' '}
        {close && (
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
        )}
      </p>
      {make.error && <Failure error={make.error} unaffected="Nothing was silenced; what you typed is kept." />}
    </form>
  );
}

/** `2001-07-02T02:00`, as the field takes it. */
const inputTime = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

/** Null where it is not a length from now. */
function endOf(length: string, clock: number): number | null {
  const ms = LENGTHS.find(([value]) => value === length)?.[2] ?? 0;
  return ms === 0 ? null : clock + ms;
}

function Preview({matches, until}: {matches: Matches; until: number | null}) {
  const times = useTimes();
  const incidents = useIncidents().data ?? [];
  const alerts = useAlerts().data ?? [];
  const words = matchWords(matches);
  if (words === '')
    return <p className="preview muted">Say what to be silent of: a model, a cause, a kind or a subject.</p>;
  const quiet = quieted(matches, incidents, alerts);
  return (
    <div className="preview" aria-live="polite">
      <p>
        Nobody is told of {words}
        {until === null ? '' : ` until ${times.minute(until)} ${times.zoneName}`}. Incidents go on being opened, shown
        and resolved. {quiet.length === 0 ? 'None that is open matches now.' : 'Of those that are open it keeps quiet:'}
      </p>
      {quiet.length > 0 && (
        <ul>
          {quiet.map(({id, title}) => (
            <li key={id}>{title}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
