/** Which model the page is about: one of the project's own, or one whose file was imported. */
import type {Overview, ServingStatus} from 'millrace/protocol';
import {useSearchParams} from 'wouter';

export type Served = {
  readonly live: readonly string[];
  readonly imported: readonly ServingStatus[];
  /** Of the imported, the one that is asked for; null where one of the project's own is. `undefined`: there is none of that name. */
  readonly chosen: ServingStatus | null | undefined;
  readonly asked: string | null;
};

/** Imported models have a parameter of their own in the address: no other page knows them. */
const IMPORTED = 'imported';

export function useServed(overview: Overview, statuses: readonly ServingStatus[]): Served {
  const [params] = useSearchParams();
  const live = overview.models.map(({model}) => model);
  const imported = statuses.filter(({model}) => !live.includes(model));
  const asked = params.get(IMPORTED) ?? (live.length === 0 ? (imported[0]?.model ?? null) : null);
  const chosen = asked === null ? null : imported.find(({model}) => model === asked);
  return {live, imported, chosen, asked};
}

export function ServedChoice({served: {live, imported, chosen}, model}: {served: Served; model: string | null}) {
  const [, setParams] = useSearchParams();
  if (live.length + imported.length < 2) return null;
  const choose = (value: string) =>
    setParams(old => {
      const next = new URLSearchParams(old);
      next.delete(IMPORTED);
      if (live.includes(value)) next.set('model', value);
      else next.set(IMPORTED, value);
      return next;
    });
  return (
    <label className="model-choice">
      <span className="muted small">Model</span>{' '}
      <select className="button" value={chosen?.model ?? model ?? ''} onChange={event => choose(event.target.value)}>
        {live.map(name => (
          <option key={name}>{name}</option>
        ))}
        {imported.length > 0 && (
          <optgroup label="Imported">
            {imported.map(({model: name}) => (
              <option key={name}>{name}</option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}
