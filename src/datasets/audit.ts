import {type FeatureSet, identifier, referenceSql, type Spine, type WindowFeature} from '../features/index.ts';
import {seededRandom} from '../math/index.ts';
import type {ColumnData, LeakageFinding} from '../protocol/index.ts';
import type {SqlEngine} from '../stores/index.ts';

type AuditOptions = {
  readonly sql: SqlEngine;
  readonly relation: (stream: string) => string;
  readonly rows: number;
  readonly seed: number;
  /** Streams in which an event with the id of a row is its own: those of the decisions and of the label. */
  readonly own: readonly string[];
};

/** Whether the order in which values are added changes the last bits. */
const rounds = ({aggregation: {name}}: WindowFeature): boolean => name === 'sum' || name === 'mean';

/** Sums in another order differ by rounding only: by this share of the size of what was added up. */
const TOLERANCE = 1e-9;

/**
 * Proves on a seeded sample that no feature saw its own decision's event, or one that had not arrived: each value is computed again by a plain SQL range join that excludes them by name, and must be the same.
 */
export async function auditFeatures(
  set: FeatureSet,
  spine: Spine,
  columns: Readonly<Record<string, ColumnData>>,
  options: AuditOptions,
): Promise<LeakageFinding[]> {
  const {sql, relation, rows, seed, own} = options;
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
    const {name} = viewUse.view.source;
    const others = [...(own.includes(name) ? ['e._id <> s._id'] : []), 'e._arrival <= s._q AND e._time < s._q'].join(
      ' AND ',
    );
    const recompute = (feature: WindowFeature) =>
      sql.rows(referenceSql(viewUse, feature, table, relation(name), others));
    for (const feature of viewUse.view.features) {
      const answers = await recompute(feature);
      const served = (row: unknown) => columns[feature.name]![Number(row)] ?? null;
      let suspects = answers.filter(({_row, value}) => !same(served(_row), value ?? null, 0));
      if (suspects.length > 0 && rounds(feature)) {
        const sizes = await sizesOf(feature, recompute);
        suspects = suspects.filter(({_row, value}) => !same(served(_row), value ?? null, sizes.get(_row!) ?? 0));
      }
      findings.push({
        check: 'own-or-future-event',
        feature: feature.name,
        severity: suspects.length === 0 ? 'ok' : 'block',
        measured: suspects.length,
        message: `${suspects.length} of ${answers.length} sampled rows differ from a recomputation without the row's own event and without events that had not arrived.`,
      });
    }
  }
  await sql.run(`DROP TABLE ${identifier(table)}`);
  return findings;
}

type Answers = Awaited<ReturnType<SqlEngine['rows']>>;

/** At most so large was, by row, what was added up: the number of values times the largest of them; for a mean the largest. */
async function sizesOf(feature: WindowFeature, recompute: (feature: WindowFeature) => Promise<Answers>) {
  const sizes = new Map<Answers[number][string], number>();
  const counts = await recompute({...feature, aggregation: {name: 'count'}});
  const least = await recompute({...feature, aggregation: {name: 'min'}});
  const most = await recompute({...feature, aggregation: {name: 'max'}});
  for (const [i, {_row, value}] of counts.entries()) {
    const largest = Math.max(Math.abs(Number(least[i]!.value)), Math.abs(Number(most[i]!.value)));
    sizes.set(_row!, largest * (feature.aggregation.name === 'sum' ? Number(value) : 1));
  }
  return sizes;
}

/** `size`: what the difference of two numbers is measured against, at least 1. */
function same(value: number | string | null, reference: number | string | boolean | null, size: number): boolean {
  if (typeof value === 'string' || typeof reference === 'string') return value === reference;
  const a = value === null || Number.isNaN(value) ? null : value;
  const b = reference === null ? null : Number(reference);
  if (a === null || b === null) return a === b;
  return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b), size);
}
