/** What `monitor report` says of two tables: plain JSON, from which text and page are made. */

import type {DriftVerdict, PerformanceEstimate} from '../../protocol/index.ts';
import type {Measured} from '../profiles/measures.ts';
import type {ColumnType} from '../profiles/table-profile.ts';

export type TableReport = {
  readonly reference: ReportedRows;
  readonly current: ReportedRows;
  /** `broken`: a contract of the data; `drift`: a column moved; `watch`: worth a look, fails nothing. */
  readonly verdict: 'nothing to see' | 'watch' | 'drift' | 'broken';
  /** The verdict in one or two sentences. */
  readonly sentence: string;
  /** What matters first. */
  readonly columns: readonly ReportedColumn[];
  readonly quality: readonly QualityFinding[];
  readonly performance: ReportedPerformance | null;
  readonly settings: {readonly effect: number; readonly alpha: number};
};

export type ReportedRows = {
  readonly name: string;
  readonly rows: number;
  /** Of the column of times that was named or is the only one (UTC ms); null without. */
  readonly from: number | null;
  readonly to: number | null;
};

export type ReportedColumn = {
  readonly column: string;
  readonly type: ColumnType;
  readonly verdict: DriftVerdict | 'not compared';
  /** What changed, or why nothing was compared. */
  readonly words: string;
  /** De-biased PSI; null if not compared. */
  readonly effect: number | null;
  readonly pValue: number | null;
  /** Rows that a verdict needs. */
  readonly needed: number | null;
  readonly reference: ColumnFigures;
  readonly current: ColumnFigures;
  readonly measures: readonly Measured[];
  readonly picture: Picture | null;
};

/** NaN and infinities are null. */
export type ColumnFigures = {
  readonly rows: number;
  readonly nulls: number;
  readonly distinct: number;
  readonly numbers: {
    readonly mean: number | null;
    readonly deviation: number | null;
    readonly min: number | null;
    readonly low: number | null;
    readonly median: number | null;
    readonly high: number | null;
    readonly max: number | null;
  } | null;
  readonly texts: {
    readonly top: readonly {readonly value: string; readonly share: number}[];
    readonly shortest: number | null;
    readonly longest: number | null;
  } | null;
};

/** Shares of the rows that have a value, over the same bars. */
export type Picture = {
  /** Numbers: bars from `low` to `high`, the outer ones with all that is beyond. */
  readonly range: {readonly low: number; readonly high: number} | null;
  /** Texts: what each bar stands for. */
  readonly labels: readonly string[] | null;
  readonly reference: readonly number[];
  readonly current: readonly number[];
};

export type QualityFinding = {
  readonly column: string;
  readonly severity: 'broken' | 'watch';
  readonly message: string;
};

/** A figure with its 95 % interval, where there is one. */
export type Figure = {readonly value: number; readonly low: number | null; readonly high: number | null};

export type ReportedPerformance = {
  readonly kind: 'probability' | 'class' | 'regression';
  readonly prediction: string;
  readonly target: string;
  /** Rows with both; null without a target on that side. */
  readonly referenceRows: number | null;
  readonly currentRows: number | null;
  readonly metrics: readonly {
    readonly metric: string;
    readonly better: 'higher' | 'lower' | null;
    readonly reference: Figure | null;
    readonly current: Figure | null;
    /** Both intervals are apart, on the wrong side. */
    readonly worse: boolean;
  }[];
  /** Where the current rows have no labels yet. */
  readonly estimate: PerformanceEstimate | null;
};
