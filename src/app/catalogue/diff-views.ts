// What changed from one version of a view to the next, feature by feature, as data and in words.
import type {DefinitionChange} from '../../protocol/index.ts';
import {change, durationText, same} from './change.ts';
import {contentOf, diffGroups, groupsOf, textOf} from './feature-group.ts';
import type {StoredView} from './stored-view.ts';

/** The differences, most general first; empty only if both mean the same. */
export function diffViews(before: StoredView, after: StoredView): DefinitionChange[] {
  const changes = [...sourceChanges(before, after), ...keyChanges(before, after), ...featureChanges(before, after)];
  if (changes.length > 0 || before.version === after.version) return changes;
  const names = (view: StoredView) => view.features.map(feature => feature.name);
  return same(names(before), names(after))
    ? [change('engine', null, 'the definition is as it was; this release computes it otherwise')]
    : [change('order', null, 'the order of the features changed', names(before), names(after))];
}

function sourceChanges(before: StoredView, after: StoredView): DefinitionChange[] {
  const [a, b] = [before.source, after.source];
  const changes: DefinitionChange[] = [];
  if (a.name !== b.name) changes.push(change('source', null, `from ${b.name} instead of ${a.name}`, a.name, b.name));
  const times = (what: string, x: number, y: number) => {
    if (x !== y)
      changes.push(change('lateness', b.name, `${what} of ${b.name} ${durationText(x)} → ${durationText(y)}`, x, y));
  };
  times('lateness', a.latenessMs, b.latenessMs);
  times('delay', a.delayMs, b.delayMs);
  for (const {alias} of before.lookups)
    if (!after.lookups.some(other => other.alias === alias))
      changes.push(change('lookup', alias, `lookup ${alias} removed`, alias, null));
  for (const lookup of after.lookups) {
    const old = before.lookups.find(({alias}) => alias === lookup.alias);
    if (!old)
      changes.push(
        change('lookup', lookup.alias, `lookup ${lookup.alias} of ${lookup.source} added`, null, lookup.alias),
      );
    else if (!same({...old, latenessMs: 0}, {...lookup, latenessMs: 0}))
      changes.push(change('lookup', lookup.alias, `lookup ${lookup.alias} changed`, old, lookup));
    else times(`lateness, in the lookup ${lookup.alias},`, old.latenessMs, lookup.latenessMs);
  }
  return changes;
}

function keyChanges(before: StoredView, after: StoredView): DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  for (const {key, column} of before.keys) {
    const now = after.keys.find(other => other.key === key);
    if (!now) changes.push(change('keys', key, `key ${key} removed`, column, null));
    else if (now.column !== column)
      changes.push(change('keys', key, `key ${key} is ${now.column} instead of ${column}`, column, now.column));
  }
  for (const {key, column} of after.keys)
    if (!before.keys.some(other => other.key === key))
      changes.push(change('keys', key, `key ${key} (${column}) added`, null, column));
  return changes;
}

function featureChanges(before: StoredView, after: StoredView): DefinitionChange[] {
  const [old, now] = [groupsOf(before), groupsOf(after)];
  const gone = [...old.values()].filter(({name}) => !now.has(name));
  const fresh = [...now.values()].filter(({name}) => !old.has(name));
  const changes: DefinitionChange[] = [];
  for (const group of gone) {
    const at = fresh.findIndex(other => same(contentOf(other), contentOf(group)));
    if (at < 0) changes.push(change('removed', group.name, `${group.name} removed`, textOf(group), null));
    else {
      const [renamed] = fresh.splice(at, 1);
      changes.push(
        change('renamed', renamed!.name, `${group.name} renamed to ${renamed!.name}`, group.name, renamed!.name),
      );
    }
  }
  for (const group of fresh)
    changes.push(change('added', group.name, `${group.name} added: ${textOf(group)}`, null, textOf(group)));
  for (const group of old.values()) {
    const other = now.get(group.name);
    if (other) changes.push(...diffGroups(group, other));
  }
  return changes;
}
