// What changed from one version of a feature set to the next.
import {describeRefresh, type Refresh} from '../../features/index.ts';
import type {DefinitionChange} from '../../protocol/index.ts';
import {change, expressionText, same} from './change.ts';
import type {StoredSet} from './stored-set.ts';

/** Number of the version of a view that has this hash; null if it is not known. */
export type NumberOf = (view: string, hash: string) => number | null;

/** How a view is read. */
const readText = (refresh: Refresh | undefined): string => (refresh ? describeRefresh(refresh) : 'live');

const versionText = (number: number | null, hash: string): string => (number === null ? hash : `v${number}`);

/** The differences; empty only if both mean the same. */
export function diffSets(before: StoredSet, after: StoredSet, numberOf: NumberOf): DefinitionChange[] {
  const changes = [
    ...viewChanges(before, after, numberOf),
    ...requestChanges(before, after),
    ...derivedChanges(before, after),
  ];
  if (changes.length > 0 || before.version === after.version) return changes;
  return [change('order', null, 'the order of its features changed')];
}

function viewChanges(before: StoredSet, after: StoredSet, numberOf: NumberOf): DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  for (const {name} of before.views)
    if (!after.views.some(view => view.name === name)) changes.push(change('view', name, `view ${name} removed`, name));
  for (const {name, version, fields, refresh} of after.views) {
    const old = before.views.find(view => view.name === name);
    if (!old) {
      changes.push(change('view', name, `view ${name} added`, null, name));
      continue;
    }
    if (old.version !== version) {
      const [from, to] = [old.version, version].map(hash => versionText(numberOf(name, hash), hash));
      changes.push(change('view', name, `view ${name}: ${from} became ${to}`, old.version, version));
    }
    const [readBefore, readNow] = [readText(old.refresh), readText(refresh)];
    if (readBefore !== readNow)
      changes.push(change('refresh', name, `${name} is read ${readNow} instead of ${readBefore}`, readBefore, readNow));
    for (const [key, field] of fields) {
      const was = old.fields.find(([other]) => other === key)?.[1] ?? null;
      if (was !== field)
        changes.push(change('keys', name, `key ${key} of ${name} is the field ${field} instead of ${was}`, was, field));
    }
  }
  return changes;
}

function requestChanges(before: StoredSet, after: StoredSet): DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  const typeText = ({type, nullable}: StoredSet['request'][number]): string => `${type}${nullable ? ' or null' : ''}`;
  for (const field of before.request)
    if (!after.request.some(({name}) => name === field.name))
      changes.push(change('request', field.name, `field ${field.name} removed from the request`, typeText(field)));
  for (const field of after.request) {
    const old = before.request.find(({name}) => name === field.name);
    const now = typeText(field);
    if (!old)
      changes.push(change('request', field.name, `field ${field.name} (${now}) added to the request`, null, now));
    else if (!same(old, field))
      changes.push(
        change('request', field.name, `field ${field.name}: ${typeText(old)} became ${now}`, typeText(old), now),
      );
  }
  return changes;
}

function derivedChanges(before: StoredSet, after: StoredSet): DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  const fresh = after.derived.filter(({name}) => !before.derived.some(other => other.name === name));
  for (const {name, node} of before.derived) {
    const now = after.derived.find(other => other.name === name);
    const was = expressionText(node)!;
    if (now) {
      const is = expressionText(now.node)!;
      if (!same(now.node, node)) changes.push(change('expression', name, `${name}: ${was} became ${is}`, was, is));
      continue;
    }
    const at = fresh.findIndex(other => same(other.node, node));
    const [renamed] = at < 0 ? [] : fresh.splice(at, 1);
    changes.push(
      renamed
        ? change('renamed', renamed.name, `${name} renamed to ${renamed.name}`, name, renamed.name)
        : change('removed', name, `${name} removed`, was),
    );
  }
  for (const {name, node} of fresh)
    changes.push(change('added', name, `${name} added: ${expressionText(node)}`, null, expressionText(node)));
  return changes;
}
