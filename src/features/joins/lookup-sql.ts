import type {Lookup} from '../definitions/joined.ts';
import type {FeatureView} from '../definitions/view.ts';
import {identifier} from '../expressions/sql.ts';

/**
 * SQL of the events of a view with the columns of its lookups beside them: the archived events themselves where it has
 * none. `relation`: SQL of the archived events of a stream.
 */
export function joinedRelation({source, lookups}: FeatureView, relation: (stream: string) => string): string {
  return lookups.reduce(
    (events, lookup) => joinLatest(events, lookup, relation(lookup.source.name)),
    relation(source.name),
  );
}

/** For each event the row that is latest by (time, id) of those before it in time, arrival and log. */
function joinLatest(events: string, {alias, source, on, columns}: Lookup, rows: string): string {
  const equal = Object.entries(on).map(([theirs, ours]) => `r.${identifier(theirs)} = e.${identifier(ours)}`);
  const visible = [
    ...equal,
    'r._time < e._time',
    'r._arrival <= e._arrival',
    'r._position < e._position',
    `r._arrival - r._time <= ${source.latenessMs}`,
  ].join(' AND ');
  const packed = columns.map((name, c) => `'c${c}': r.${identifier(name)}`).join(', ');
  const unpacked = columns.map((name, c) => `l.row.c${c} AS ${identifier(`${alias}_${name}`)}`).join(', ');
  return `(SELECT e.*, ${unpacked} FROM ${events} e LEFT JOIN (SELECT e._position AS of, arg_max({${packed}}, {'t': r._time, 'id': r._id}) AS row FROM ${events} e JOIN ${rows} r ON ${visible} GROUP BY e._position) l ON l.of = e._position)`;
}
