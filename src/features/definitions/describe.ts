import {formatDuration} from '../../protocol/index.ts';
import type {AggregationSpec} from '../aggregations/table.ts';
import {printExpression} from '../expressions/print.ts';
import type {Measure} from './aggregate.ts';
import {describeRefresh, type Refresh} from './refresh.ts';
import type {WindowFeature} from './view.ts';
import {describeWindow} from './window.ts';

/** Parameters of an aggregation, as they stand in its call. */
function parameters(spec: AggregationSpec): string[] {
  switch (spec.name) {
    case 'first':
    case 'last':
      return spec.k === 1 ? [] : [`k ${spec.k}`];
    case 'top':
      return [`k ${spec.k}`];
    case 'quantile':
      return [`p ${spec.p}`];
    case 'quantileSketch':
      return [`p ${spec.p}`, `within ${spec.accuracy * 100} %`];
    case 'histogram':
      return [`edges ${spec.edges.join(' ')}`];
    case 'decayedSum':
    case 'decayedMean':
      return [`half-life ${formatDuration(spec.halfLifeMs)}`];
    default:
      return [];
  }
}

/** Names of aggregations where they differ from those that people write. */
const SPOKEN: {readonly [name: string]: string} = {
  integerSum: 'sum',
  deviation: 'standardDeviation',
  top: 'topK',
};

/** An aggregation with its parameters and filter: `mean(delay) where cancelled = false`. */
export function measureText({aggregation, input, inputType, where}: Measure): string {
  const name =
    aggregation.name === 'mean' && inputType === 'bool' ? 'share' : (SPOKEN[aggregation.name] ?? aggregation.name);
  const inside = [...(input === null ? [] : [printExpression(input)]), ...parameters(aggregation)];
  return `${name}(${inside.join(', ')})${where === null ? '' : ` where ${printExpression(where)}`}`;
}

/** A feature in words: `mean(delay) where cancelled = false over 2h`; with its cuts, where it is read as of one. */
export function describeFeature(feature: WindowFeature, refresh?: Refresh): string {
  const {divisor, over, window} = feature;
  const what = divisor === null ? measureText(feature) : `${measureText(feature)} ÷ ${measureText(divisor)}`;
  const cuts = refresh === undefined ? '' : `, ${describeRefresh(refresh)}`;
  return `${what}${answerText(feature)} ${describeWindow(over, window)}${cuts}`;
}

/** Which answer of several; elements of a vector are named by their input. */
function answerText({aggregation, element, suffix}: WindowFeature): string {
  switch (aggregation.name) {
    case 'first':
    case 'last':
    case 'histogram':
      return suffix === '' ? '' : `, answer ${suffix.slice(1)}`;
    case 'top':
      return `, ${element % 2 === 0 ? 'answer' : 'count of answer'} ${suffix.slice(1)}`;
    default:
      return '';
  }
}
