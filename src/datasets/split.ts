import {formatDuration, MillraceError} from '../protocol/index.ts';

/** Rows [from, to) of a training set in order of time. */
export type RowRange = {readonly from: number; readonly to: number};

export type Split = {
  readonly train: RowRange;
  readonly validation: RowRange;
  readonly test: RowRange;
  readonly gapMs: number;
};

export type SplitOptions = {
  /** Shares of the rows; what is left is the test split. */
  readonly train: number;
  readonly validation: number;
  /** Rows less than this after a cut are left out, so that no label of one split becomes known inside the next. */
  readonly gapMs: number;
};

/** Splits by time: the past trains, the future tests. `times` are in order. */
export function splitByTime(times: Float64Array, {train, validation, gapMs}: SplitOptions): Split {
  const rows = times.length;
  const firstAtOrAfter = (time: number): number => {
    let low = 0;
    let high = rows;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const cut = (share: number): number => firstAtOrAfter(times[Math.min(rows - 1, Math.floor(rows * share))] ?? 0);
  const a = cut(train);
  const b = cut(train + validation);
  const split: Split = {
    train: {from: 0, to: a},
    validation: {from: a < rows ? firstAtOrAfter(times[a]! + gapMs) : rows, to: b},
    test: {from: b < rows ? firstAtOrAfter(times[b]! + gapMs) : rows, to: rows},
    gapMs,
  };
  for (const [name, range] of Object.entries(split))
    if (typeof range !== 'number' && range.to - range.from < 1)
      throw new MillraceError(
        'DATASET_EMPTY',
        `The ${name} split has no rows: ${rows} rows, with a gap of ${formatDuration(gapMs)} between the splits.`,
        {
          fix: 'Use a longer stretch of time, or a shorter label window.',
        },
      );
  return split;
}
