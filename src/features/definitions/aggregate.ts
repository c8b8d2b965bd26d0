import {type Duration, MillraceError, type TypeName} from '../../protocol/index.ts';
import type {AggregationSpec} from '../aggregations/table.ts';
import type {Node} from '../expressions/node.ts';
import {sliding, type Window} from './window.ts';

/** What is summed up, and how. */
export type Measure = {
  readonly aggregation: AggregationSpec;
  /** Null: the rows themselves. */
  readonly input: Node | null;
  /** Type of the input; null without one. */
  readonly inputType: TypeName | null;
  /** Only events that satisfy it. */
  readonly where: Node | null;
};

/** One value that an aggregate yields: which of the answers of its measure, and what it is divided by. */
export type Output = Measure & {
  /** Follows the feature's name and window; empty where there is one answer. */
  readonly suffix: string;
  readonly element: number;
  readonly type: TypeName;
  /** The value is the ratio to this one; null where that is null or 0. */
  readonly divisor: Measure | null;
  /** Stands where the value would be null, in every execution alike; null: nothing does. Times are ms, true is 1. */
  readonly default: number | string | null;
};

/** What a view takes: outputs over windows. `O`: suffix of each answer → its type; `W`: names of the windows. */
export interface Windowed<O, W extends string> {
  readonly outputs: readonly Output[];
  readonly windows: readonly Window[];
  /** Phantom. */
  readonly yields?: {readonly values: O; readonly windows: W};
}

/** An aggregation of a view before and after it was given windows. */
export interface Aggregate<O, W extends string = never> extends Windowed<O, W> {
  /** One feature for each window (and answer), named `<name>_<window>`. A duration is an exact sliding window. */
  over<const Ws extends readonly (Duration | Window)[]>(...windows: Ws): Aggregate<O, WindowName<Ws[number]>>;
  /** This value instead of null, for entities without events among others. */
  orElse(value: NonNullable<O[keyof O]>): Aggregate<{[E in keyof O]: NonNullable<O[E]>}, W>;
}

type WindowName<W> = W extends Window<infer N> ? N : W extends string ? W : never;

export type Scalar<V> = {'': V};
/** Answers 1 to K. */
export type Ranked<K extends number, V> = {[I in Ordinal<K>]: V};
type Ordinal<K extends number, Seen extends readonly unknown[] = []> = number extends K
  ? `_${number}`
  : Seen['length'] extends K | 64
    ? never
    : `_${[...Seen, 0]['length'] & number}` | Ordinal<K, [...Seen, 0]>;

export function aggregate<O, W extends string = never>(
  outputs: readonly Output[],
  windows: readonly Window[] = [],
): Aggregate<O, W> {
  return Object.freeze({
    outputs: Object.freeze(outputs.map(output => Object.freeze(output))),
    windows: Object.freeze(windows),
    over: <const Ws extends readonly (Duration | Window)[]>(...given: Ws) =>
      aggregate<O, WindowName<Ws[number]>>(
        outputs,
        given.map(w => (typeof w === 'string' ? sliding(w) : knownWindow(w))),
      ),
    orElse: (value: NonNullable<O[keyof O]>) =>
      aggregate<{[E in keyof O]: NonNullable<O[E]>}, W>(
        outputs.map(output => ({
          ...output,
          default: plainDefault(value as unknown as number | string | boolean | Date, output),
        })),
        windows,
      ),
  });
}

function knownWindow(given: Window): Window {
  if (typeof given?.name === 'string' && typeof given.spec?.kind === 'string') return given;
  throw invalidAggregate(
    `${JSON.stringify(given)} is no window.`,
    "Use a duration such as '1h', or tumbling(), hopping(), coarse(), session(), lastRows() or lifetime().",
  );
}

function plainDefault(value: number | string | boolean | Date, {type}: Output): number | string {
  const plain = value instanceof Date ? value.getTime() : typeof value === 'boolean' ? Number(value) : value;
  if ((typeof plain === 'string') === (type === 'string') && !Number.isNaN(plain)) return plain;
  throw invalidAggregate(`The default ${JSON.stringify(value)} is no ${type}.`, `Give a ${type}.`);
}

export const invalidAggregate = (message: string, fix: string): MillraceError =>
  new MillraceError('DEFINITION_INVALID', message, {fix});
