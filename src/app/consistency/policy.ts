import {checkedDurationMs, type Duration, formatDuration, type Problem, requireValid} from '../../protocol/index.ts';

/** When served features are compared with what the event log gives, and how many of them. Frozen data. */
export type ConsistencyPolicy = {
  readonly everyMs: number;
  /** Share of keys; null: as large as `MOST_ROWS` predictions allow. */
  readonly sample: number | null;
  /** The predictions of so long before the run. */
  readonly overMs: number;
};

export type ConsistencyPolicyInput = {
  /** `1d`. */
  readonly every?: Duration;
  /** Share of keys, above 0 up to 1. Sized to at most 100,000 predictions unless told. */
  readonly sample?: number;
  /** `1d`. */
  readonly over?: Duration;
};

/** Predictions of a run whose sample is not given. */
export const MOST_ROWS = 100_000;

/** Throws DEFINITION_INVALID naming every problem at once. */
export function consistencyPolicy({every = '1d', sample, over = '1d'}: ConsistencyPolicyInput = {}): ConsistencyPolicy {
  const problems: Problem[] = [];
  const everyMs = checkedDurationMs(every, 'every', problems);
  const overMs = checkedDurationMs(over, 'over', problems);
  if (sample !== undefined && !(sample > 0 && sample <= 1))
    problems.push({path: 'sample', message: `${sample} is no share of keys.`, fix: 'Give a share above 0, up to 1.'});
  requireValid('The consistency policy', problems);
  return Object.freeze({everyMs, sample: sample ?? null, overMs});
}

/** In words. */
export const describeConsistencyPolicy = ({everyMs, sample, overMs}: ConsistencyPolicy): string =>
  `Consistency: every ${formatDuration(everyMs)}, the features served in the last ${formatDuration(overMs)} to ${
    sample === null
      ? `as many keys as ${MOST_ROWS.toLocaleString('en-US')} predictions allow`
      : sample === 1
        ? 'all keys'
        : `${sample * 100} % of keys`
  } are computed again from the event log.`;
