import {type Columns, MillraceError, type Problem} from '../../protocol/index.ts';
import type {Source} from '../source.ts';

/** The columns are exactly those of the schema, each in the right container. Throws SOURCE_SCHEMA. */
export function requireColumns({name: stream, schema}: Source, {count, columns}: Columns): void {
  let given = 0;
  for (const _ in columns) given++;
  let declared = 0;
  let right = true;
  for (const name in schema) {
    declared++;
    const data = columns[name];
    right &&=
      data !== undefined && data.length === count && data instanceof Float64Array === (schema[name]!.type !== 'string');
  }
  if (right && given === declared) return;
  const problems: Problem[] = [];
  for (const [name, {type}] of Object.entries(schema)) {
    const data = columns[name];
    const container = type === 'string' ? 'an array of strings' : 'a Float64Array';
    if (!data) problems.push({path: name, message: `Column '${name}' is missing.`});
    else if (data.length !== count)
      problems.push({path: name, message: `Column '${name}' has ${data.length} rows; the batch has ${count}.`});
    else if (data instanceof Float64Array !== (container === 'a Float64Array'))
      problems.push({path: name, message: `Column '${name}' must be ${container}.`});
  }
  for (const name of Object.keys(columns))
    if (!Object.hasOwn(schema, name)) problems.push({path: name, message: `Column '${name}' is not in the schema.`});
  throw new MillraceError('SOURCE_SCHEMA', `The columns do not fit source '${stream}'.`, {problems});
}
