import type {Source} from '../events/index.ts';
import {type ColumnExpressions, columnExpressions, type Expression, type Node} from '../features/index.ts';
import {type ColumnsOf, type Duration, durationMs, MillraceError, type Schema} from '../protocol/index.ts';

/**
 * What is to be predicted, as it becomes known by itself: a later event that carries the id of the decision.
 *
 * - `value`: what that event says; known when it arrives, unknown if none came within the window;
 * - `exists`: whether such an event comes within the window; known when the window has closed.
 *
 * Either way a decision whose window has not closed is pending and used for nothing: those that are known
 * early are not like the others.
 */
export interface Label<N extends string = string> {
  readonly kind: 'label';
  readonly name: N;
  readonly rule: 'value' | 'exists';
  readonly source: Source;
  /** Column of the source that holds the id of the decision's event. */
  readonly on: string;
  /** 1 or 0 (true or false), or a number; null for `exists`. */
  readonly value: Node | null;
  readonly withinMs: number;
}

type LabelOptions<S extends Schema> = {
  readonly from: Source<string, S>;
  readonly on: ColumnsOf<S, string>;
  readonly within: Duration;
};

function checked<S extends Schema>(name: string, {from, on, within}: LabelOptions<S>): void {
  if (from.schema[on]?.type !== 'string')
    throw new MillraceError('DEFINITION_INVALID', `Label '${name}': '${on}' is no string column of '${from.name}'.`);
  if (!(durationMs(within) > 0))
    throw new MillraceError('DEFINITION_INVALID', `Label '${name}': the window ${within} is empty.`);
}

/** The value that a later event brings: `valueLabel('late', {from: arrivals, on: 'flightId', is: a => a.delay.gt(15), within: '12h'})`. */
export function valueLabel<const N extends string, S extends Schema>(
  name: N,
  options: LabelOptions<S> & {readonly is: (columns: ColumnExpressions<S>) => Expression<boolean | number | null>},
): Label<N> {
  checked(name, options);
  const {from, on, within, is} = options;
  return Object.freeze({
    kind: 'label',
    name,
    rule: 'value',
    source: from,
    on,
    value: is(columnExpressions(from.schema)).node,
    withinMs: durationMs(within),
  });
}

/** Whether a later event comes at all: `eventLabel('churned', {from: cancellations, on: 'orderId', within: '30d'})`. */
export function eventLabel<const N extends string, S extends Schema>(name: N, options: LabelOptions<S>): Label<N> {
  checked(name, options);
  const {from, on, within} = options;
  return Object.freeze({
    kind: 'label',
    name,
    rule: 'exists',
    source: from,
    on,
    value: null,
    withinMs: durationMs(within),
  });
}
