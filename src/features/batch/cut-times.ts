import type {SqlEngine} from '../../stores/index.ts';
import type {ViewUse} from '../definitions/feature-set.ts';
import {asOf, cutSql} from '../definitions/refresh.ts';
import {identifier} from '../expressions/sql.ts';
import type {Spine} from './spine.ts';

/** One making of a cut: which, from when on it was read, and the log position up to which it has seen events. */
export type CutMade = {readonly cut: number; readonly madeAt: number; readonly position: number};

/**
 * Gives the work the spine as a view is read for it: itself, or where the view has cuts, each row at the last cut that
 * was available. A row that may only see a part of the log sees what the cut had seen, if that is known (`made`).
 */
export async function withCutTimes<T>(
  sql: SqlEngine,
  use: ViewUse,
  spine: Spine,
  made: readonly CutMade[],
  work: (spine: Spine) => Promise<T>,
): Promise<T> {
  const {refresh} = use;
  if (refresh === undefined) return work(spine);
  const [minTime, maxTime] = [asOf(use, spine.minTime), asOf(use, spine.maxTime)];
  const table = `${spine.table}_cut`;
  const fields = [...new Set(Object.values(use.fields))].map(identifier);
  const cut = cutSql(refresh, 's._q');
  const position = positionSql(
    cut,
    made.filter(each => each.cut >= minTime && each.cut <= maxTime),
  );
  await sql.run(
    `CREATE OR REPLACE TABLE ${identifier(table)} AS SELECT s._row, ${cut} AS _q, ${position} AS _position, ${fields.map(field => `s.${field}`).join(', ')} FROM ${identifier(spine.table)} s`,
  );
  try {
    return await work({table, rows: spine.rows, minTime, maxTime});
  } finally {
    await sql.run(`DROP TABLE ${identifier(table)}`);
  }
}

/** A cut may have been made again, for example after an erasure: the row read the one that stood at its time. */
function positionSql(cut: string, made: readonly CutMade[]): string {
  if (made.length === 0) return 's._position';
  const values = made.map(each => `(${each.cut}, ${each.madeAt}, ${each.position})`).join(', ');
  const seen = `SELECT max(m.seen) FROM (VALUES ${values}) m(cut, made_at, seen) WHERE m.cut = ${cut} AND m.made_at <= s._q`;
  return `CASE WHEN s._position IS NOT NULL THEN coalesce((${seen}), s._position) END`;
}
