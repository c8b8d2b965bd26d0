import {type FeatureSet, identifier, referenceSql, type Spine} from '../features/index.ts';
import {seededRandom} from '../math/index.ts';
import type {ColumnData, LeakageFinding} from '../protocol/index.ts';
import type {SqlEngine} from '../stores/index.ts';

type AuditOptions = {
  readonly sql: SqlEngine;
  readonly relation: (stream: string) => string;
  readonly rows: number;
  readonly seed: number;
};

/** Sums in another order differ by rounding only. */
const TOLERANCE = 1e-9;

/**
 * Proves on a seeded sample that no feature saw its own decision's event or one that had not arrived: each
 * value is computed again by a plain SQL range join that excludes both by name, and must be the same.
 */
export async function auditFeatures(
  set: FeatureSet,
  spine: Spine,
  columns: Readonly<Record<string, ColumnData>>,
  options: AuditOptions,
): Promise<LeakageFinding[]> {
  const {sql, relation, rows, seed} = options;
  if (rows === 0) return [];
  const random = seededRandom(seed);
  const sample = [
    ...new Set(Array.from({length: Math.min(rows, spine.rows)}, () => Math.floor(random() * spine.rows))),
  ].sort((a, b) => a - b);
  const table = `${spine.table}_audit`;
  await sql.run(
    `CREATE OR REPLACE TABLE ${identifier(table)} AS SELECT * FROM ${identifier(spine.table)} WHERE _row IN (${sample.join(', ')})`,
  );
  const findings: LeakageFinding[] = [];
  for (const viewUse of set.views) {
    const source = relation(viewUse.view.source.name);
    for (const feature of viewUse.view.features) {
      const answers = await sql.rows(
        referenceSql(viewUse, feature, table, source, 'e._id <> s._id AND e._arrival <= s._q AND e._time < s._q'),
      );
      let different = 0;
      for (const {_row, value} of answers)
        if (!same(columns[feature.name]![Number(_row)] ?? null, value ?? null)) different++;
      findings.push({
        check: 'own-or-future-event',
        feature: feature.name,
        severity: different === 0 ? 'ok' : 'block',
        measured: different,
        message: `${different} of ${answers.length} sampled rows differ from a recomputation without the row's own event and without events that had not arrived.`,
      });
    }
  }
  await sql.run(`DROP TABLE ${identifier(table)}`);
  return findings;
}

function same(value: number | string | null, reference: number | string | boolean | null): boolean {
  if (typeof value === 'string' || typeof reference === 'string') return value === reference;
  const a = value === null || Number.isNaN(value) ? null : value;
  const b = reference === null ? null : Number(reference);
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
}
