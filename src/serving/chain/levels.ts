/** What stands below the model in charge: each step of a fallback chain as a level that answers. */
import {bindNumber, type FeatureSet, QUERY_TIME} from '../../features/index.ts';
import type {ColumnData} from '../../protocol/index.ts';
import type {Inputs} from '../inputs/inputs.ts';
import type {RecentMap} from '../memory/recent-map.ts';
import type {Fallback} from '../policy/serving-policy.ts';
import type {RequestText} from '../precomputed/request-text.ts';
import {Declined, type Level} from './fallback-chain.ts';

/** A prediction, with what is to be said of it. */
export type Scored = {
  readonly prediction: number;
  /** Inputs outside what training saw. */
  readonly outside: readonly string[];
  /** It was given before, to the same unit, and still holds. */
  readonly sticky?: true;
};

export type StoredAnswer = {readonly prediction: number; readonly at: number};

const NONE: readonly string[] = Object.freeze([]);
const scored = (prediction: number): Scored => ({prediction, outside: NONE});

/** The rule's expression, over the request, the features and the query time. */
export function ruleLevel({name, node}: Fallback & {readonly kind: 'rule'}, set: FeatureSet): Level<Inputs, Scored> {
  const at = new Float64Array(1);
  const columns: Record<string, ColumnData> = {[QUERY_TIME]: at};
  const cellOf = (column: string, type: string) => {
    const cell: Float64Array | (string | null)[] = type === 'string' ? [null] : new Float64Array(1);
    columns[column] = cell;
    return cell;
  };
  const fields = Object.entries(set.request).map(([field, {type}]) => ({field, cell: cellOf(field, type)}));
  const features = set.features.map(({name: feature, type}) => cellOf(feature, type));
  const value = bindNumber(node, columns);
  const put = (cell: Float64Array | (string | null)[], given: unknown) => {
    if (cell instanceof Float64Array) cell[0] = given === null || given === undefined ? Number.NaN : Number(given);
    else cell[0] = (given ?? null) as string | null;
  };
  return {
    name,
    cheap: true,
    answer: inputs => {
      at[0] = inputs.at;
      for (const {field, cell} of fields) put(cell, inputs.request[field]);
      const row = inputs.rowOrMissing();
      for (let f = 0; f < features.length; f++) put(features[f]!, row[f]);
      const prediction = value(0);
      if (Number.isNaN(prediction)) throw new Declined('missing-features', `The rule '${name}' gave null.`);
      return scored(prediction);
    },
  };
}

export function lastLevel(maxAgeMs: number, stored: RecentMap<StoredAnswer>, text: RequestText): Level<Inputs, Scored> {
  return {
    name: 'last',
    cheap: true,
    answer: ({request, at}) => {
      const found = stored.get(text.encode(request));
      if (found === undefined) throw new Declined('nothing-stored', 'This request was not answered before.');
      if (at - found.at > maxAgeMs)
        throw new Declined('nothing-stored', `The last answer is ${Math.round((at - found.at) / 1_000)} s old.`);
      return scored(found.prediction);
    },
  };
}

export function valueLevel(value: number): Level<Inputs, Scored> {
  const answer = Object.freeze(scored(value));
  return {name: 'value', cheap: true, answer: () => answer};
}
