/** Fixture: invented consistency runs, the newest with differences. Not measured; for developing and testing the console. */
import type {ConsistencyRun, FeatureSkew, SkewExample, WhyAnswer} from '../../src/protocol/index.ts';
import {CLOCK, DAY, features, MODEL} from './fixture-project.ts';

const RUNS = 24;
const SERVED = features.slice(0, 14).map(feature => feature.name);

const example = (kind: SkewExample['kind'], i: number, served: number | null, recomputed: number | null) => ({
  kind,
  id: `${MODEL}-${1_466_000 + i}`,
  at: CLOCK - i * 3_660_000,
  position: 5_992_000 - i * 40,
  served,
  recomputed,
  request: {origin: 'ATL', destination: 'ORD', distance: 606},
});

function skewOf(feature: string, compared: number, wrong: boolean): FeatureSkew {
  if (wrong && feature === 'origin_mean_delay_1h') {
    const examples = [
      example('mismatch', 1, 12.25, 12.5),
      example('missing', 2, null, 3.5),
      example('extra', 3, 8, null),
    ];
    return {feature, compared, mismatches: 212, missing: 9, extra: 1, maxDifference: 4.25, smape: 2.1e-5, examples};
  }
  if (wrong && feature === 'origin_count_1h')
    return {
      feature,
      compared,
      mismatches: 31,
      missing: 0,
      extra: 0,
      maxDifference: 2,
      smape: 3.4e-7,
      examples: [example('mismatch', 4, 18, 17)],
    };
  const smape = ['origin', 'destination', 'weekday'].includes(feature) ? null : 0;
  return {feature, compared, mismatches: 0, missing: 0, extra: 0, maxDifference: 0, smape, examples: []};
}

/** Newest first. */
export const consistencyRuns: readonly ConsistencyRun[] = Array.from({length: RUNS}, (_, k) => {
  const number = RUNS - k;
  const predictions = 9_800 + ((number * 37) % 400);
  const skewed = SERVED.map(feature => skewOf(feature, predictions, number === RUNS));
  const startedAt = CLOCK - k * DAY;
  return {
    id: `${MODEL}/consistency-${number}`,
    model: MODEL,
    set: 'atDeparture',
    number,
    state: 'done',
    trigger: number === RUNS ? 'manual' : 'scheduled',
    startedAt,
    finishedAt: startedAt + 4_000,
    from: startedAt - DAY,
    to: startedAt,
    sample: 0.1,
    keys: ['origin', 'destination'],
    predictions,
    values: predictions * SERVED.length,
    mismatches: skewed.reduce((sum, f) => sum + f.mismatches + f.missing + f.extra, 0),
    features: skewed,
    seconds: 3.2,
    error: null,
  };
});

export const why: WhyAnswer = {
  feature: 'origin_mean_delay_1h',
  definition: 'mean(delay) over 1h',
  at: CLOCK - 3_660_000,
  value: 12.5,
  window: {
    view: 'origin',
    source: 'arrivals',
    from: CLOCK - 7_260_000,
    to: CLOCK - 3_660_000,
    count: 2,
    events: [
      {id: 'UA-17', time: CLOCK - 3_800_000, arrival: CLOCK - 3_790_000, position: 5_991_801, input: 20},
      {id: 'DL-4', time: CLOCK - 4_000_000, arrival: CLOCK - 4_000_000, position: 5_991_788, input: 5},
    ],
  },
  inputs: null,
};
