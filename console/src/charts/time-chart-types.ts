/** What a time chart draws. All arrays run along `times`. */

export type TimeSeries = {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Name of a CSS variable. */
  readonly colour: string;
  readonly kind?: 'line' | 'step' | 'bars';
  readonly dashed?: boolean;
  /** Not named at its end, for series that stack. */
  readonly unlabelled?: boolean;
};

/** Uncertainty around a series. */
export type Band = {
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly colour: string;
  /** Of something that is only thought: fainter, within dashes. */
  readonly estimated?: true;
};

/** Something that happened: a thin vertical line with a short name at its top. */
export type Mark = {
  readonly at: number;
  readonly kind: 'deploy' | 'retrain' | 'incident';
  readonly label: string;
  readonly title: string;
};

export type TimeChartProps = {
  /** The answer, where there is one. */
  readonly title: string;
  /** What the axis measures, and whether it starts at zero. */
  readonly axis: string;
  /** UTC ms. */
  readonly times: readonly number[];
  readonly series: readonly TimeSeries[];
  readonly bands?: readonly Band[];
  readonly marks?: readonly Mark[];
  /** Where data is not mature yet. */
  readonly immature?: {readonly from: number; readonly to: number; readonly label: string} | null;
  /** The whole stretch of the x axis, so that charts of a page line up. */
  readonly extent: {readonly from: number; readonly to: number};
  readonly zero?: boolean;
  /** Names a tick; `step` is the distance to the next one. */
  readonly format: (value: number, step: number) => string;
  /** One line about the point under the cursor (the newest where there is none). */
  readonly readout: (index: number) => string;
  /** Charts with the same key share their cursor. */
  readonly sync: string;
  readonly onBrush?: (range: {from: number; to: number} | null) => void;
  readonly height?: number;
};
