import type {Measure} from '../definitions/aggregate.ts';
import {measureText} from '../definitions/describe.ts';
import type {FeatureSet, ViewUse} from '../definitions/feature-set.ts';
import {cutReach, describeRefresh} from '../definitions/refresh.ts';
import {viewKey} from '../definitions/version.ts';
import {describeWindow, reachMs} from '../definitions/window.ts';
import type {Dialect} from '../expressions/functions/function-spec.ts';
import {printExpression} from '../expressions/print.ts';
import {joinedRelation} from '../joins/lookup-sql.ts';
import {isLatest, latestSql} from '../sql/latest-sql.ts';
import {referenceSql} from '../sql/reference-sql.ts';
import {nameIn} from '../sql/visible-sql.ts';
import {layoutOf} from '../windows/layout.ts';
import {DAY_MS} from './materialise/day.ts';
import {type PartitionedEvents, partitionsIn} from './partitioned-events.ts';
import {columnNames} from './plan.ts';
import {MOST_NUMBERS} from './view.ts';

export type ExplainOptions = {
  /** The rows that features are wanted for, as far as they are known. */
  readonly rows?: number;
  /** Their times lie in [from, to), UTC ms. */
  readonly from?: number;
  readonly to?: number;
  readonly archive?: PartitionedEvents;
};

/** How the batch computes one view. */
export type ViewExplanation = {
  /** Name and version. */
  readonly view: string;
  readonly source: string;
  /** Streams whose latest rows are looked up for each event. */
  readonly lookups: readonly string[];
  /** Key of the entity, and the field of the request that it is read from. */
  readonly keys: readonly {readonly key: string; readonly column: string; readonly field: string}[];
  /** Where it is read as of its cuts instead of the rows' own times: in words. */
  readonly asOf: string | null;
  readonly windows: readonly string[];
  readonly aggregates: readonly string[];
  readonly features: readonly string[];
  /** How far back before a row events are read (ms); null is without end. */
  readonly reachMs: number | null;
  /** What of the archive is read; null where none was given. */
  readonly reads: {readonly partitions: number; readonly of: number; readonly rows: number} | null;
  /** In how many parts, by key, the events are held. */
  readonly parts: number;
  /** What is done, step by step, and why so. */
  readonly steps: readonly string[];
  /** What a new day, and a late event, cost where days are materialised. */
  readonly daily: string;
  /**
   * The features as plain SQL, by dialect and feature, over the table `spine` and one named as the source; with lookups
   * Spark reads `<source>_joined`, which has the looked-up columns.
   */
  readonly sql: Readonly<Record<Dialect, Readonly<Record<string, string>>>>;
};

export type FeaturePlan = {
  readonly set: string;
  readonly rows: number | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly views: readonly ViewExplanation[];
  /** Computed from the others, the request and the query time, row by row. */
  readonly derived: readonly {readonly name: string; readonly expression: string}[];
};

/** How the features of a set would be computed over a history: what is read, how it is folded, and the SQL of each. */
export function explainFeatures(set: FeatureSet, options: ExplainOptions = {}): FeaturePlan {
  return {
    set: set.name,
    rows: options.rows ?? null,
    from: options.from ?? null,
    to: options.to ?? null,
    views: set.views.map(use => explainView(use, options)),
    derived: set.derived.map(({name, node}) => ({name, expression: printExpression(node)})),
  };
}

function explainView(use: ViewUse, options: ExplainOptions): ViewExplanation {
  const {view, fields, refresh} = use;
  const reach = cutReach(use) + Math.max(0, ...view.features.map(({over}) => reachMs(over)));
  const reads = readsOf(view.source.name, reach, options);
  const parts = partsOf(use, reads?.rows ?? 0);
  const measures = view.features.flatMap((f): Measure[] => (f.divisor === null ? [f] : [f, f.divisor]));
  return {
    view: viewKey(view),
    source: view.source.name,
    lookups: view.lookups.map(({source}) => source.name),
    keys: Object.entries(view.keys).map(([key, column]) => ({key, column, field: fields[key]!})),
    asOf: refresh === undefined ? null : describeRefresh(refresh),
    windows: [...new Set(view.features.map(({over, window}) => describeWindow(over, window)))],
    aggregates: [...new Set(measures.map(measureText))],
    features: view.features.map(({name}) => name),
    reachMs: Number.isFinite(reach) ? reach : null,
    reads,
    parts,
    steps: stepsOf(use, reads, parts),
    daily: dailyOf(use, reach),
    sql: {duckdb: sqlOf(use, 'duckdb'), spark: sqlOf(use, 'spark')},
  };
}

function readsOf(stream: string, reach: number, {archive, from, to}: ExplainOptions): ViewExplanation['reads'] {
  if (!archive) return null;
  const range = {from: (from ?? Number.NEGATIVE_INFINITY) - reach, to: to ?? Number.POSITIVE_INFINITY};
  const read = partitionsIn(archive, stream, range);
  return {
    partitions: read.length,
    of: archive.partitions(stream).length,
    rows: read.reduce((sum, {rows}) => sum + rows, 0),
  };
}

/** With the arrivals, which are held only where events come late, and without positions. */
function partsOf({view}: ViewUse, events: number): number {
  const width = columnNames(layoutOf(view), {arrivals: true, positions: false}).length + 1;
  return Math.max(1, Math.ceil((events * width) / MOST_NUMBERS));
}

function stepsOf({view, refresh}: ViewUse, reads: ViewExplanation['reads'], parts: number): string[] {
  const scanned =
    reads === null ? '' : `: ${reads.partitions} of ${reads.of} partitions, about ${count(reads.rows)} events`;
  return [
    ...(refresh === undefined
      ? []
      : [`Read each row ${describeRefresh(refresh)}: as online, so that nothing differs.`]),
    ...view.lookups.map(
      ({alias, source}) => `Look up '${alias}' for each event: one range join with '${source.name}' in SQL.`,
    ),
    `Scan '${view.source.name}' in DuckDB${scanned}; keys that no row asks for are left out by a hash join, which also numbers them.`,
    parts === 1
      ? 'Group events and rows by key in memory, by counting: events are stored nearly in order of time, so that a sort in SQL would cost more than all the rest.'
      : `Group events and rows by key in memory, by counting, in ${parts} parts by key, each with a scan of its own: all at once they would take more than ${count((MOST_NUMBERS * 8) / 2 ** 20)} MiB.`,
    'Order events of the same time and key by id: the ids of those alone are read, or of all where there are many.',
    "Fold each key's windows on one thread through the state that the stream uses: the same bits as live values, and faster than RANGE frames in SQL (bench/feature-join.ts compares them).",
  ];
}

function dailyOf({view}: ViewUse, reach: number): string {
  if (Number.isFinite(reach) && view.lookups.length === 0) {
    const days = Math.ceil(reach / DAY_MS);
    const around = days === 1 ? 'day' : `${days} days`;
    return `A day reads itself and the ${around} before; a late event recomputes its day and the ${around} after.`;
  }
  const because =
    view.lookups.length > 0 ? 'looked-up rows' : 'windows that time does not bound (lifetime, session, rows)';
  return `A day reads all that came before it, for ${because}; a late event recomputes its day and all after.`;
}

function sqlOf(use: ViewUse, dialect: Dialect): Record<string, string> {
  const {source, lookups} = use.view;
  const name = nameIn(dialect);
  // The join of looked-up rows is written for DuckDB; elsewhere it is a table to be made first.
  const relation =
    dialect === 'duckdb'
      ? joinedRelation(use.view, name)
      : name(lookups.length === 0 ? source.name : `${source.name}_joined`);
  return Object.fromEntries(
    use.view.features.map(feature => {
      const sql = isLatest(feature)
        ? latestSql(use, feature, 'spine', relation, dialect)
        : referenceSql(use, feature, 'spine', relation, 'TRUE', dialect);
      return [feature.name, sql];
    }),
  );
}

const count = (n: number): string => Math.round(n).toLocaleString('en-US');
