// What differences between definitions are made of, and the words for them.
import type {AggregationSpec, Measure, Node} from '../../features/index.ts';
import {printExpression} from '../../features/index.ts';
import {canonicalJson, type DefinitionChange, type JsonValue} from '../../protocol/index.ts';

type Kind = DefinitionChange['kind'];

/** A difference. Values are kept as text where people read them as text. */
export const change = (
  kind: Kind,
  subject: string | null,
  sentence: string,
  before: JsonValue = null,
  after: JsonValue = null,
): DefinitionChange => ({kind, subject, before, after, sentence});

export const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** `24h`, `90m`, `7d`: hours up to three days, then days. */
export function durationText(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const;
  for (const [unit, size] of units)
    if (ms > 0 && ms % size === 0 && (unit !== 'd' || ms >= 3 * size)) return `${ms / size}${unit}`;
  return `${ms}ms`;
}

export const expressionText = (node: Node | null): string | null => (node === null ? null : printExpression(node));

const WORDS: Partial<Record<AggregationSpec['name'], string>> = {
  integerSum: 'sum',
  deviation: 'standard deviation',
  distinctSketch: 'estimated distinct count',
  distinct: 'distinct count',
  quantileSketch: 'estimated quantile',
  decayedSum: 'decayed sum',
  decayedMean: 'decayed mean',
  sinceLast: 'time since the last',
};

/** The aggregation as people call it: the mean of a condition is a share. */
export function aggregationWord({aggregation: {name}, inputType}: Measure): string {
  return name === 'mean' && inputType === 'bool' ? 'share' : (WORDS[name] ?? name);
}

/** `k 3`, `p 0.5, accuracy 0.01`; empty where there are none. */
export const parametersText = ({name: _, ...parameters}: AggregationSpec): string =>
  Object.entries(parameters)
    .map(([parameter, value]) =>
      parameter === 'halfLifeMs'
        ? `half-life ${durationText(value as number)}`
        : `${parameter} ${Array.isArray(value) ? value.join(' ') : value}`,
    )
    .join(', ');

/** `share(delay > 10)`, for what is divided by. */
export const measureText = (measure: Measure): string =>
  `${aggregationWord(measure)}(${expressionText(measure.input) ?? ''})${measure.where === null ? '' : ` where ${expressionText(measure.where)}`}`;
