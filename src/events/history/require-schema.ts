import {MillraceError, type Problem, type TypeName} from '../../protocol/index.ts';
import type {FileOrigin} from '../origin.ts';
import type {Source} from '../source.ts';
import type {Scan} from './scan.ts';

/** Throws SOURCE_SCHEMA naming every column that is missing, not declared, or of a type that cannot fit. */
export function requireSchema({name, schema, from}: Source, scan: Scan): void {
  const problems: Problem[] = [];
  for (const [column, {type, nullable}] of Object.entries(schema)) {
    const found = scan.found.get(column);
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
    if (!Object.hasOwn(schema, column))
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

function suggestion(scan: Scan, column: string, found: string): string {
  const types: readonly TypeName[] = ['time', 'bool', 'int', 'number', 'string'];
  const possible = types.filter(type => scan.fits(found, type)).map(type => `t.${type}`);
  return possible.length > 0
    ? `Declare '${column}' as ${possible.join(' or ')}, or convert it in the files.`
    : `Convert '${column}' in the files to a type that a column can have.`;
}
