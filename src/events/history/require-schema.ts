import {MillraceError, type Problem, type TypeName, vectorColumns} from '../../protocol/index.ts';
import type {FileOrigin} from '../origin.ts';
import type {FlatSchema} from '../schema/vectors.ts';
import type {Source} from '../source.ts';
import type {Scan} from './scan.ts';
import {ELEMENT} from './vector-scan.ts';

/** Throws SOURCE_SCHEMA naming every column that is missing, not declared, or of a type that cannot fit. */
export function requireSchema({name, schema, vectors, from}: Source, scan: Scan): void {
  const problems = vectorProblems({schema, vectors}, scan);
  const named = new Set(problems.map(({path}) => path));
  const partsOfNamed = new Set([...named].flatMap(vector => vectorColumns(vector, vectors[vector]!)));
  for (const [column, {type, nullable}] of Object.entries(schema)) {
    const found = scan.found.get(column);
    if (partsOfNamed.has(column)) continue;
    if (found === undefined) {
      if (nullable && scan.mayBeAbsent) continue;
      const there = [...scan.found.keys()].join(', ');
      problems.push({
        path: column,
        message: `'${column}' (${type}) is missing; the files have ${there}.`,
        fix: `Add the column to the files, or take it out of the schema.`,
      });
    } else if (!scan.fits(found, type))
      problems.push({
        path: column,
        message: `'${column}' is ${found} in the files and ${type} in the schema.`,
        fix: suggestion(scan, column, found),
      });
  }
  for (const [column, found] of scan.found)
    if (!Object.hasOwn(schema, column) && !named.has(column))
      problems.push({
        path: column,
        message: `'${column}' (${found}) is in the files but not in the schema.`,
        fix: `Declare it, or leave it out of the files.`,
      });
  if (problems.length > 0)
    throw new MillraceError(
      'SOURCE_SCHEMA',
      `The files of source '${name}' (${(from as FileOrigin).path}) do not fit its schema: ${problems.map(p => p.message).join(' ')}`,
      {
        problems,
        fix: problems
          .map(p => p.fix)
          .filter((fix, i, all) => all.indexOf(fix) === i)
          .join(' '),
      },
    );
}

/** Vectors that stand in the files neither as lists nor as columns of numbers: one problem each, not one per number. */
function vectorProblems({schema, vectors}: FlatSchema, scan: Scan): Problem[] {
  return Object.entries(vectors).flatMap(([name, size]): Problem[] => {
    const found = scan.found.get(name);
    const fix = `Give it as a list of numbers (Parquet, JSON lines) or as the columns ${name}_0 to ${name}_${size - 1}.`;
    if (found !== undefined)
      return [{path: name, message: `'${name}' is ${found} in the files and a vector of ${size} in the schema.`, fix}];
    const parts = vectorColumns(name, size);
    const apart = parts.some(part => scan.found.has(part) && scan.found.get(part) !== ELEMENT);
    if (apart && scan.listsOnly)
      return [{path: name, message: `'${name}' is given as columns; these files hold a vector as a list.`, fix}];
    if (parts.some(part => scan.found.has(part)) || (scan.mayBeAbsent && schema[parts[0]!]!.nullable)) return [];
    return [{path: name, message: `'${name}' (a vector of ${size}) is missing.`, fix}];
  });
}

function suggestion(scan: Scan, column: string, found: string): string {
  const types: readonly TypeName[] = ['time', 'bool', 'int', 'number', 'string'];
  const possible = types.filter(type => scan.fits(found, type)).map(type => `t.${type}`);
  return possible.length > 0
    ? `Declare '${column}' as ${possible.join(' or ')}, or convert it in the files.`
    : `Convert '${column}' in the files to a type that a column can have.`;
}
