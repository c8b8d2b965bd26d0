import type {DriftReport} from '../../protocol/index.ts';
import {DRIFT_DEFAULTS, type DriftSettings} from '../drift/drift-settings.ts';
import {judgeDrift} from '../drift/judge-drift.ts';
import {type DriftMeasure, type Measured, measureDrift} from './measures.ts';
import {NumericSketch} from './numeric-sketch.ts';
import {type BinPair, numericBins, textBins} from './profile-bins.ts';
import type {ColumnType, ProfiledColumn, TableProfile} from './table-profile.ts';
import {TextSketch} from './text-sketch.ts';

export type CompareSettings = Partial<DriftSettings> & {
  /** Measures to be computed beside the verdict; none. */
  readonly measures?: readonly DriftMeasure[];
  /** Columns that come later, such as a target: what is missing there is not looked at. */
  readonly pending?: readonly string[];
};

export type ComparedColumn = {
  readonly column: string;
  readonly type: ColumnType;
  readonly reference: ProfiledColumn;
  readonly current: ProfiledColumn;
  /** null: not compared, for the reason given. */
  readonly drift: DriftReport | null;
  readonly reason: string | null;
  readonly bins: BinPair | null;
  readonly measures: readonly Measured[];
};

/** A column that only one side has, or that holds other things now. */
export type SchemaChange = {
  readonly column: string;
  /** null: the column is not there. */
  readonly before: ColumnType | null;
  readonly after: ColumnType | null;
};

export type ProfileComparison = {
  /** Columns that both sides have, in the order of the reference. */
  readonly columns: readonly ComparedColumn[];
  readonly schema: readonly SchemaChange[];
};

/**
 * Compares profiles column by column, all columns as one family of tests (`judgeDrift`). Times and the columns of `except`
 * are not judged: they differ by nature. Nothing is read but the profiles: milliseconds for fifty columns of any length.
 */
export function compareProfiles(
  reference: TableProfile,
  current: TableProfile,
  {measures = [], pending = [], ...given}: CompareSettings = {},
): ProfileComparison {
  const settings: DriftSettings = {...DRIFT_DEFAULTS, ...given};
  const now = new Map(current.columns.map(column => [column.name, column]));
  const before = new Set(reference.columns.map(({name}) => name));
  const schema: SchemaChange[] = [];
  const candidates = reference.columns.flatMap(column => {
    const other = now.get(column.name);
    const change = {column: column.name, before: column.type, after: other?.type ?? null};
    if (!other) schema.push(change);
    else if (!comparable(column, other)) schema.push(change);
    return other ? [withoutPending(candidateOf(column, other, settings), pending)] : [];
  });
  for (const {name, type} of current.columns)
    if (!before.has(name)) schema.push({column: name, before: null, after: type});

  const judged = candidates.filter(({bins}) => bins !== null);
  const reports = judgeDrift(
    judged.map(({column, bins}) => ({subject: column, ...bins!})),
    settings,
  );
  const byColumn = new Map(judged.map(({column}, i) => [column, reports[i]!]));
  return {
    columns: candidates.map(({sides, ...candidate}): ComparedColumn => {
      const {bins, current: side} = candidate;
      const report = byColumn.get(candidate.column) ?? null;
      return {
        ...candidate,
        // Counts that come from quantiles sum to fewer rows than there were.
        drift: report && {
          ...report,
          rows: pending.includes(candidate.column) ? side.sketch.count : side.sketch.count + side.sketch.nulls,
        },
        measures: bins === null ? [] : measures.flatMap(measure => measureDrift(measure, bins, sides) ?? []),
      };
    }),
    schema,
  };
}

type Candidate = Omit<ComparedColumn, 'drift' | 'measures'> & {
  readonly sides: readonly [NumericSketch, NumericSketch] | null;
};

function candidateOf(reference: ProfiledColumn, current: ProfiledColumn, {except}: DriftSettings): Candidate {
  const {name: column} = reference;
  const type = reference.sketch.count === 0 ? current.type : reference.type;
  const candidate = {column, type, reference, current, sides: null, bins: null};
  if (except.includes(column)) return {...candidate, reason: 'left out by name'};
  if (!comparable(reference, current)) return {...candidate, reason: `${reference.type} before, ${current.type} now`};
  if (type === 'time') return {...candidate, reason: 'times differ by nature'};
  const [a, b] = sameKind(reference, current);
  if (a instanceof NumericSketch && b instanceof NumericSketch)
    return {...candidate, reason: null, bins: numericBins(a, b), sides: [a, b]};
  const bins = textBins(a as TextSketch, b as TextSketch);
  if (bins.categories.length === 1 && a.count > 0 && a.nulls + b.nulls === 0)
    return {...candidate, reason: 'no value comes often: names or free text'};
  return {...candidate, reason: null, bins};
}

function withoutPending(candidate: Candidate, pending: readonly string[]): Candidate {
  const {bins, reference, current} = candidate;
  if (bins === null || !pending.includes(candidate.column)) return candidate;
  if (reference.sketch.count === 0 || current.sketch.count === 0)
    return {...candidate, bins: null, reason: 'not known yet'};
  const known = (side: BinPair['reference']) => ({...side, nulls: 0});
  return {...candidate, bins: {...bins, reference: known(bins.reference), current: known(bins.current)}};
}

/** Whole numbers and others are of one kind, as are texts and booleans; a side of nulls only is of any. */
function comparable(a: ProfiledColumn, b: ProfiledColumn): boolean {
  if (a.sketch.count === 0 || b.sketch.count === 0) return true;
  return a.sketch.kind === b.sketch.kind && (a.type === 'time') === (b.type === 'time');
}

/** Both sketches; where one holds nulls only, as one of the other's kind. */
function sameKind({sketch: a}: ProfiledColumn, {sketch: b}: ProfiledColumn) {
  if (a.kind === b.kind) return [a, b] as const;
  const empty = (kind: 'numeric' | 'text', nulls: number) => {
    const sketch = kind === 'numeric' ? new NumericSketch() : new TextSketch();
    sketch.addNulls(nulls);
    return sketch;
  };
  return a.count === 0 ? ([empty(b.kind, a.nulls), b] as const) : ([a, empty(a.kind, b.nulls)] as const);
}
