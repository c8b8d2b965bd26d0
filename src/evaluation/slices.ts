/** Rows grouped by the values of a column, so that every candidate is measured on the same slices. */

import type {ColumnData, SliceReport} from '../protocol/index.ts';
import {isScore} from './gates.ts';
import {type MetricName, metricsOf} from './metrics.ts';

/** A column of the spine to look into. Frozen data. */
export type SliceDefinition = {
  readonly column: string;
  /** Values with fewer rows go to one group `other`. */
  readonly minRows: number;
  /** At most this many values, the largest first. */
  readonly maxValues: number;
};

/**
 * Rows of group g are `rows[starts[g] .. starts[g + 1])`, in their original order. Groups stand largest
 * first, `other` last.
 */
export type SliceGroups = {
  readonly feature: string;
  readonly values: readonly string[];
  readonly rows: Uint32Array;
  readonly starts: Uint32Array;
};

/** `sliceBy('origin')`; minRows 1,000 and maxValues 30 unless told. */
export function sliceBy(
  column: string,
  {minRows = 1_000, maxValues = 30}: {readonly minRows?: number; readonly maxValues?: number} = {},
): SliceDefinition {
  return Object.freeze({column, minRows, maxValues});
}

/** Numeric columns with more distinct values than this are cut at their quartiles. */
const MAX_DISTINCT_NUMBERS = 48;

/** Groups the rows of one column. Two passes and a counting sort: linear in the rows. */
export function groupRows(definition: SliceDefinition, column: ColumnData): SliceGroups {
  const {codes, names} = column instanceof Float64Array ? codesOfNumbers(column) : codesOfStrings(column);
  const counts = new Uint32Array(names.length);
  for (let i = 0; i < codes.length; i++) counts[codes[i]!]!++;

  const bySize = names.map((_, code) => code).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const kept = bySize.filter(code => counts[code]! >= definition.minRows).slice(0, definition.maxValues);
  const groupOf = new Uint32Array(names.length).fill(kept.length);
  kept.forEach((code, g) => {
    groupOf[code] = g;
  });
  const values = kept.map(code => names[code]!);
  const rest = names.length - kept.length;
  if (rest > 0) values.push(rest === 1 ? names[bySize[kept.length]!]! : `other (${rest} values)`);

  const starts = new Uint32Array(values.length + 1);
  for (let code = 0; code < names.length; code++) starts[groupOf[code]! + 1]! += counts[code]!;
  for (let g = 0; g < values.length; g++) starts[g + 1]! += starts[g]!;
  const next = starts.slice();
  const rows = new Uint32Array(codes.length);
  for (let i = 0; i < codes.length; i++) rows[next[groupOf[codes[i]!]!]!++] = i;
  return {feature: definition.column, values, rows, starts};
}

/** Metrics of one candidate on every group. */
export function sliceReports(groups: SliceGroups, scores: Float64Array, labels: Float64Array): SliceReport[] {
  return groups.values.map((value, g) => {
    const {scores: sliceScores, labels: sliceLabels} = gatherSlice(groups, g, scores, labels);
    return {feature: groups.feature, value, metrics: metricsOf(sliceScores, sliceLabels)};
  });
}

/** The scores and labels of one group, side by side. */
export function gatherSlice(
  groups: SliceGroups,
  group: number,
  scores: Float64Array,
  labels: Float64Array,
): {scores: Float64Array; labels: Float64Array} {
  const from = groups.starts[group]!;
  const count = groups.starts[group + 1]! - from;
  const sliceScores = new Float64Array(count);
  const sliceLabels = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const row = groups.rows[from + i]!;
    sliceScores[i] = scores[row]!;
    sliceLabels[i] = labels[row]!;
  }
  return {scores: sliceScores, labels: sliceLabels};
}

/** The slice with the worst figure among those with at least `minRows` rows and both classes; null if there is none. */
export function worstSlice(slices: readonly SliceReport[], metric: MetricName, minRows = 1_000): SliceReport | null {
  const sign = isScore(metric) ? 1 : -1;
  let worst: SliceReport | null = null;
  for (const slice of slices) {
    const value = slice.metrics[metric];
    if (value === null || slice.metrics.rows < minRows) continue;
    if (worst === null || sign * value < sign * worst.metrics[metric]!) worst = slice;
  }
  return worst;
}

type Codes = {readonly codes: Uint32Array; readonly names: readonly string[]};

function codesOfStrings(column: readonly (string | null)[]): Codes {
  const codeOf = new Map<string | null, number>();
  const codes = new Uint32Array(column.length);
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? null;
    let code = codeOf.get(value);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(value, code);
    }
    codes[i] = code;
  }
  return {codes, names: [...codeOf.keys()].map(value => value ?? 'null')};
}

function codesOfNumbers(column: Float64Array): Codes {
  const codeOf = new Map<number, number>();
  const codes = new Uint32Array(column.length);
  for (let i = 0; i < column.length; i++) {
    let code = codeOf.get(column[i]!);
    if (code === undefined) {
      if (codeOf.size > MAX_DISTINCT_NUMBERS) return codesOfQuartiles(column);
      code = codeOf.size;
      codeOf.set(column[i]!, code);
    }
    codes[i] = code;
  }
  return {codes, names: [...codeOf.keys()].map(value => (Number.isNaN(value) ? 'null' : String(value)))};
}

function codesOfQuartiles(column: Float64Array): Codes {
  const sorted = column.filter(value => !Number.isNaN(value)).sort();
  const [q1, q2, q3] = [0.25, 0.5, 0.75].map(q => sorted[Math.floor(q * (sorted.length - 1))]!) as [
    number,
    number,
    number,
  ];
  const codes = new Uint32Array(column.length);
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    codes[i] = Number.isNaN(value) ? 4 : value < q1 ? 0 : value < q2 ? 1 : value < q3 ? 2 : 3;
  }
  const text = (value: number): string => String(Number(value.toPrecision(4)));
  const names = [
    `below ${text(q1)}`,
    `${text(q1)} to ${text(q2)}`,
    `${text(q2)} to ${text(q3)}`,
    `${text(q3)} or more`,
    'null',
  ];
  return sorted.length < column.length ? {codes, names} : {codes, names: names.slice(0, 4)};
}
