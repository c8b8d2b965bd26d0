import {
  type FeatureSet,
  identifier,
  type Measure,
  type ReferenceAnswer,
  referenceAnswers,
  type Spine,
  type WindowFeature,
} from '../features/index.ts';
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

/**
 * Proves on a seeded sample that no feature saw its own decision's event, or one that had not arrived: each value is computed again by a plain SQL range join that excludes them by name, and must be the same. What rounds may
 * differ by rounding; a sketch is made anew of the values that the join gives.
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
    const recompute = (feature: WindowFeature) => referenceAnswers(sql, viewUse, feature, table, relation, others);
    for (const feature of viewUse.view.features) {
      const answers = await recompute(feature);
      const served = (row: number) => columns[feature.name]![row] ?? null;
      let suspects = answers.filter(({row, value}) => !same(served(row), value, 0));
      if (suspects.length > 0) {
        const rounding = await roundingOf(feature, recompute);
        suspects = suspects.filter(({row, value}) => !same(served(row), value, rounding(row)));
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

/** By how much the order in which values are added may change a feature, by row: a share of the size of what was added up. */
async function roundingOf(
  feature: WindowFeature,
  recompute: (feature: WindowFeature) => Promise<ReferenceAnswer[]>,
): Promise<(row: number) => number> {
  const {divisor} = feature;
  const numerators = await roundingOfMeasure(feature, feature, recompute);
  if (divisor === null) return row => numerators.get(row) ?? 0;
  const divisors = await roundingOfMeasure(feature, divisor, recompute);
  const over = numbersOf(await recompute({...feature, ...divisor, element: 0, divisor: null, default: null}));
  const values = numbersOf(await recompute(feature));
  return row => {
    const by = Math.abs(over.get(row)!);
    return ((numerators.get(row) ?? 0) + Math.abs(values.get(row)!) * (divisors.get(row) ?? 0)) / by;
  };
}

/** What a value is rounded against: `n` numbers of at most `largest`. Others are exact. */
const SIZES: Readonly<Record<string, (n: number, largest: number) => number>> = {
  sum: (n, largest) => n * largest,
  mean: (_, largest) => largest,
  variance: (_, largest) => largest ** 2,
  // The root of a variance that is off by this much.
  deviation: (_, largest) => largest / Math.sqrt(TOLERANCE),
  quantile: (_, largest) => largest,
  decayedSum: (n, largest) => n * largest,
  decayedMean: (_, largest) => largest,
};

async function roundingOfMeasure(
  feature: WindowFeature,
  {aggregation: {name}, input, inputType, where}: Measure,
  recompute: (feature: WindowFeature) => Promise<ReferenceAnswer[]>,
): Promise<ReadonlyMap<number, number>> {
  const size = SIZES[name];
  if (size === undefined) return new Map();
  const of = async (other: 'count' | 'min' | 'max') =>
    recompute({
      ...feature,
      input,
      inputType,
      where,
      aggregation: {name: other},
      element: 0,
      divisor: null,
      default: null,
    });
  const [counts, least, most] = [await of('count'), numbersOf(await of('min')), numbersOf(await of('max'))];
  return new Map(
    counts.map(({row, value}) => {
      const largest = Math.max(1, Math.abs(least.get(row)!), Math.abs(most.get(row)!));
      return [row, TOLERANCE * size(Number(value), largest)];
    }),
  );
}

const numbersOf = (answers: readonly ReferenceAnswer[]) => new Map(answers.map(({row, value}) => [row, Number(value)]));

/** Sums in another order differ by rounding only: by this share of the size of what was added up. */
const TOLERANCE = 1e-9;

/** `rounding`: by how much two numbers may differ. */
function same(value: number | string | null, reference: number | string | null, rounding: number): boolean {
  if (typeof value === 'string' || typeof reference === 'string') return value === reference;
  const a = value === null || Number.isNaN(value) ? null : value;
  if (a === null || reference === null) return a === reference;
  return Math.abs(a - reference) <= rounding;
}
