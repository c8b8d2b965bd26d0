/** Where the events of an entity are: the streams that name it, by which of their columns. */
import type {StreamKey} from '../../events/index.ts';
import type {Entity} from '../../features/index.ts';
import {MillraceError, nearest, type Problem} from '../../protocol/index.ts';
import type {Project} from '../project/project.ts';

/** Columns of a stream and the values that they all have in the entity's events; times in UTC ms. */
export type EntityStream = {readonly stream: string; readonly key: StreamKey};

/** The entity of this name, as a view of the project is about it. Throws NAME_UNKNOWN. */
export function findEntityNamed({views}: Project, name: string): Entity {
  const entities = new Map(views.map(({entity}) => [entity.name, entity]));
  const found = entities.get(name);
  if (found) return found;
  const names = [...entities.keys()];
  const near = nearest(name, names);
  throw new MillraceError('NAME_UNKNOWN', `No view is about an entity '${name}'.`, {
    fix:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : names.length > 0
          ? `Name one of ${names.join(', ')}.`
          : 'Declare an entity and a view of it in the project file.',
  });
}

/** The values of an entity's keys from their texts. Throws USAGE that names every key that is missing, unknown or mistyped. */
export function entityValues({name, keys}: Entity, texts: Readonly<Record<string, string>>): StreamKey {
  const problems: Problem[] = [];
  const values: Record<string, string | number> = {};
  for (const key of Object.keys(texts))
    if (!(key in keys)) problems.push({path: key, message: `'${name}' has no key '${key}'.`});
  for (const [key, {type}] of Object.entries(keys)) {
    const text = texts[key];
    if (text === undefined) problems.push({path: key, message: `The key '${key}' is missing.`});
    else if (type === 'string') values[key] = text;
    else if (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))) values[key] = Number(text);
    else problems.push({path: key, message: `The key '${key}' is an int.`});
  }
  if (problems.length === 0) return values;
  throw new MillraceError('USAGE', `These are not the keys of '${name}': ${problems.map(p => p.message).join(' ')}`, {
    problems,
    fix: `Give ${Object.keys(keys)
      .map(key => `--key ${key}=…`)
      .join(' ')}.`,
  });
}

/**
 * The streams that name an entity: those of its views, and the decisions of models that read these. A stream that names
 * it twice, such as by origin and by destination, is there twice.
 */
export function streamsOf({views, models}: Project, entity: Entity, values: StreamKey): EntityStream[] {
  const found = new Map<string, EntityStream>();
  const add = (stream: string, columns: Readonly<Record<string, string>>) => {
    const key = Object.fromEntries(Object.entries(values).map(([name, value]) => [columns[name]!, value]));
    found.set(JSON.stringify([stream, Object.keys(key).sort()]), {stream, key});
  };
  for (const view of views) if (view.entity.name === entity.name) add(view.source.name, view.keys);
  for (const {decisions, features} of models)
    for (const {view, fields} of features.views) if (view.entity.name === entity.name) add(decisions.name, fields);
  return [...found.values()];
}
