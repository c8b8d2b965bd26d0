/** Keys of the newest predictions, each a question that can be asked. */
import type {FeatureSetUse, ReadField} from 'millrace/protocol';
import {useLocation} from 'wouter';
import {usePredictions} from '../../../data/queries.ts';
import {Go} from '../../../parts/page.tsx';
import {RECENT} from './values-panel-form.tsx';
import {questionParams} from './values-panel-question.ts';

type Props = {readonly set: FeatureSetUse; readonly fields: readonly ReadField[]; readonly at: string};

const SHOWN = 6;

export function RecentKeys({set, fields, at}: Props) {
  const [path] = useLocation();
  const predictions = usePredictions(set.models[0] ?? null, RECENT).data ?? [];
  const found = new Map<string, string>();
  for (const {request} of predictions) {
    const typed = Object.fromEntries(fields.map(({name}) => [name, String(request[name] ?? '')]));
    found.set(Object.values(typed).join(', '), questionParams(new URLSearchParams(), set.set, typed, at).toString());
  }
  if (fields.length === 0 || found.size === 0) return null;
  return (
    <p className="value-recent small">
      <span className="muted">Asked for of late</span>
      {[...found].slice(0, SHOWN).map(([words, query]) => (
        <Go key={words} to={`${path}?${query}`} className="button bare">
          {words === '' ? 'null' : words}
        </Go>
      ))}
    </p>
  );
}
