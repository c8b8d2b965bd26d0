import {integerSum, mean, sum} from './adding.ts';
import type {Aggregation} from './aggregation.ts';
import type {Collection, CollectionRead} from './collection.ts';
import {count, histogram} from './counting.ts';
import {ddSketch, quantileEstimate} from './ddsketch.ts';
import {decayedMean, decayedSum} from './decay.ts';
import {max, min} from './extremes.ts';
import {distinctEstimate, hyperLogLog} from './hyperloglog.ts';
import {deviation, variance} from './moments.ts';
import {firstOf, lastOf, sinceLast} from './ordered.ts';
import {distinct, quantileOf, topOf, valueCounts} from './values.ts';

/** An aggregation as data: its name and parameters. */
export type AggregationSpec =
  | {
      readonly name:
        | 'count'
        | 'sum'
        | 'integerSum'
        | 'mean'
        | 'variance'
        | 'deviation'
        | 'min'
        | 'max'
        | 'sinceLast'
        | 'distinct'
        | 'distinctSketch';
    }
  | {readonly name: 'first' | 'last' | 'top'; readonly k: number}
  | {readonly name: 'quantile'; readonly p: number}
  | {readonly name: 'quantileSketch'; readonly p: number; readonly accuracy: number}
  | {readonly name: 'histogram'; readonly edges: readonly number[]}
  | {readonly name: 'decayedSum' | 'decayedMean'; readonly halfLifeMs: number};

export type AggregationName = AggregationSpec['name'];

/** An aggregation whose state is a collection. `state` names those that can be shared. */
export type Collected = {
  readonly state: string;
  readonly collection: Collection<unknown>;
  readonly answer: CollectionRead<unknown>;
};

const collected = <S>(state: string, collection: Collection<S>, answer: CollectionRead<S>): Collected =>
  ({state, collection, answer}) as Collected;

const FIXED = {count, sum, integerSum, mean, variance, deviation, min, max, sinceLast};

/** The algebra of a specification. CONTRIBUTING.md says how to add one. */
export function aggregationOf(spec: AggregationSpec): Aggregation | Collected {
  switch (spec.name) {
    case 'first':
      return firstOf(spec.k);
    case 'last':
      return lastOf(spec.k);
    case 'histogram':
      return histogram(spec.edges);
    case 'decayedSum':
      return decayedSum(spec.halfLifeMs);
    case 'decayedMean':
      return decayedMean(spec.halfLifeMs);
    case 'distinct':
      return collected('values', valueCounts, distinct);
    case 'quantile':
      return collected('values', valueCounts, quantileOf(spec.p));
    case 'top':
      return collected('values', valueCounts, topOf(spec.k));
    case 'distinctSketch':
      return collected('hyperloglog', hyperLogLog, distinctEstimate);
    case 'quantileSketch':
      return collected(`ddsketch ${spec.accuracy}`, ddSketch(spec.accuracy), quantileEstimate(spec.p, spec.accuracy));
    default:
      return FIXED[spec.name];
  }
}
