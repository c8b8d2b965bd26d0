import {mean, sum} from './adding.ts';
import type {Aggregation} from './aggregation.ts';
import {count} from './counting.ts';
import {last, max, min} from './extremes.ts';

/** All aggregations by name. CONTRIBUTING.md says how to add one. */
export const AGGREGATIONS = {count, sum, mean, min, max, last} as const satisfies Record<string, Aggregation>;

export type AggregationName = keyof typeof AGGREGATIONS;
