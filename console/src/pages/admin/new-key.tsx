/** Makes a key, and shows its token this once. */
import {useMutation} from '@tanstack/react-query';
import {type ApiKeyRequest, type CreatedApiKey, SCOPES, type Scope} from 'millrace/protocol';
import {type FormEvent, useState} from 'react';
import {client, queries, useOverview} from '../../data/queries.ts';
import {signIn} from '../../data/session.ts';
import {CopyButton} from '../../parts/copy-button.tsx';
import {Failure} from '../../parts/failure.tsx';
import {Section} from '../../parts/page.tsx';

const DAY_MS = 86_400_000;
const EXPIRIES: readonly (readonly [title: string, days: number])[] = [
  ['never', 0],
  ['in 30 days', 30],
  ['in 90 days', 90],
  ['in a year', 365],
];

const MEANING: Record<Scope, string> = {
  predict: 'ask models',
  feedback: 'tell what came of predictions',
  events: 'push events',
  read: 'see the console and the metrics',
  admin: 'everything, changes included',
};

export function NewKey({required}: {required: boolean}) {
  const [scopes, setScopes] = useState<readonly Scope[]>(required ? ['predict'] : ['admin']);
  const make = useMutation({
    mutationFn: async (request: ApiKeyRequest) => ({...(await client.createKey(request)), first: !required}),
    onSuccess: ({token, first}) => {
      // The first key closes the door behind itself: this tab goes on with it.
      if (first) signIn(token);
      void queries.invalidateQueries();
    },
  });
  const toggle = (scope: Scope) =>
    setScopes(scopes.includes(scope) ? scopes.filter(other => other !== scope) : [...scopes, scope]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    make.mutate(requestOf(new FormData(event.currentTarget), scopes, Date.now()));
  };
  if (make.data) return <Made made={make.data} first={make.data.first} done={() => make.reset()} />;
  return (
    <Section id="new-key" title="New key" aside={required ? 'its token is shown once' : 'the first must be for admin'}>
      <form className="value-form" onSubmit={submit}>
        <label>
          <span>Name</span>
          <input name="name" required maxLength={100} autoComplete="off" placeholder="who uses it" />
        </label>
        <Models />
        <label>
          <span>Expires</span>
          <select name="expires">
            {EXPIRIES.map(([title, days]) => (
              <option key={days} value={days}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>
            Requests a second <small>optional</small>
          </span>
          <input name="rate" type="number" min="0.01" step="any" autoComplete="off" />
        </label>
        <fieldset className="scopes">
          <legend>Scopes</legend>
          {SCOPES.map(scope => (
            <label key={scope}>
              <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
              <span>
                {scope} <small>{MEANING[scope]}</small>
              </span>
            </label>
          ))}
        </fieldset>
        <button type="submit" className="button main" disabled={make.isPending || scopes.length === 0}>
          {make.isPending ? 'Making' : 'Make key'}
        </button>
      </form>
      {make.error && <Failure error={make.error} unaffected="No key was made; what you typed is kept." />}
    </Section>
  );
}

function Models() {
  const models = useOverview().data?.models.map(({model}) => model) ?? [];
  return (
    <label>
      <span>Model</span>
      <select name="model">
        <option value="">all</option>
        {models.map(model => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </select>
    </label>
  );
}

function requestOf(form: FormData, scopes: readonly Scope[], now: number): ApiKeyRequest {
  const text = (name: string) => String(form.get(name) ?? '');
  const [days, perSecond] = [Number(text('expires')), Number(text('rate'))];
  return {
    name: text('name'),
    scopes,
    ...(text('model') === '' ? {} : {models: [text('model')]}),
    ...(days === 0 ? {} : {expiresAt: now + days * DAY_MS}),
    ...(text('rate') === '' ? {} : {rate: {perSecond, burst: Math.max(1, Math.ceil(perSecond))}}),
  };
}

function Made({made, first, done}: {made: CreatedApiKey; first: boolean; done: () => void}) {
  return (
    <Section id="new-key" title="New key" aside={made.key.name}>
      <div role="status">
        <p>
          <strong>Copy the token now.</strong> It is not shown again, and nobody keeps it. Clients send it as{' '}
          <code>Authorization: Bearer …</code>
        </p>
        <div className="command">
          <code>{made.token}</code>
          <CopyButton text={made.token} />
        </div>
        {first && <p>From now on every request needs a key; this tab goes on with this one.</p>}
        <p>
          <button type="button" className="button" onClick={done}>
            I have it
          </button>
        </p>
      </div>
    </Section>
  );
}
