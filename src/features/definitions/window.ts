import {type Duration, durationMs, MillraceError} from '../../protocol/index.ts';

/** Which events a feature looks at as of `q`, as data. Boundaries are aligned to the hop since the Unix epoch (UTC). */
export type WindowSpec =
  /** [q - ms, q). */
  | {readonly kind: 'sliding'; readonly ms: number}
  /** [floor(q - ms, hop), q): a tail that moves in hops, which costs less state. */
  | {readonly kind: 'coarse'; readonly ms: number; readonly hopMs: number}
  /** [floor(q - ms, hop), floor(q, hop)): of whole hops only. Tumbling where hop = ms. */
  | {readonly kind: 'hopping'; readonly ms: number; readonly hopMs: number}
  /** The run of events before `q` whose neighbours are less than `gapMs` apart; empty if the last is `gapMs` or more before `q`. */
  | {readonly kind: 'session'; readonly gapMs: number}
  /** The last `count` events before `q`. */
  | {readonly kind: 'rows'; readonly count: number}
  /** All events before `q`. */
  | {readonly kind: 'lifetime'};

/** A window by name; the name becomes part of the feature's: `n_last10`. */
export interface Window<N extends string = string> {
  readonly name: N;
  readonly spec: WindowSpec;
}

const window = <const N extends string>(name: N, spec: WindowSpec): Window<N> =>
  Object.freeze({name, spec: Object.freeze(spec)});

function wholeMs(what: string, duration: Duration): number {
  const ms = durationMs(duration);
  if (Number.isInteger(ms) && ms > 0) return ms;
  throw new MillraceError('DEFINITION_INVALID', `A ${what} of ${duration} is not possible.`, {
    fix: 'Use a whole number of milliseconds above 0.',
  });
}

function wholeHops(length: Duration, hop: Duration): {ms: number; hopMs: number} {
  const ms = wholeMs('window', length);
  const hopMs = wholeMs('hop', hop);
  if (ms % hopMs === 0) return {ms, hopMs};
  throw new MillraceError('DEFINITION_INVALID', `A window of ${length} is no whole number of hops of ${hop}.`, {
    fix: 'Use a hop that divides the window, such as 5m for 1h.',
  });
}

/** Exact: the last `length` before the query. `over('1h')` is short for `over(sliding('1h'))`. */
export const sliding = <const W extends Duration>(length: W): Window<W> =>
  window(length, {kind: 'sliding', ms: wholeMs('window', length)});

/** The last `length`, begun at a whole hop: up to one hop longer than asked. */
export const coarse = <const W extends Duration, const H extends Duration>(length: W, hop: H): Window<`${W}_by${H}`> =>
  window(`${length}_by${hop}`, {kind: 'coarse', ...wholeHops(length, hop)});

/** The last whole hops that make up `length`, without the hop that is still open. */
export const hopping = <const W extends Duration, const H extends Duration>(
  length: W,
  hop: H,
): Window<`${W}_every${H}`> => window(`${length}_every${hop}`, {kind: 'hopping', ...wholeHops(length, hop)});

/** The last whole interval of this length, such as the last whole day (UTC). */
export const tumbling = <const W extends Duration>(length: W): Window<`${W}_tumbling`> =>
  window(`${length}_tumbling`, {kind: 'hopping', ...wholeHops(length, length)});

/** The session that is going on: events less than `gap` apart. */
export const session = <const W extends Duration>(gap: W): Window<`session${W}`> =>
  window(`session${gap}`, {kind: 'session', gapMs: wholeMs('gap', gap)});

const MAX_ROWS = 10_000;

/** The last `count` events of the key, before any filter. */
export function lastRows<const N extends number>(count: N): Window<`last${N}`> {
  if (!Number.isInteger(count) || count < 1 || count > MAX_ROWS)
    throw new MillraceError('DEFINITION_INVALID', `A window of the last ${count} rows is not possible.`, {
      fix: `Use a whole number from 1 to ${MAX_ROWS}.`,
    });
  return window(`last${count}`, {kind: 'rows', count});
}

/** All events of the key since the beginning. */
export const lifetime = (): Window<'ever'> => window('ever', {kind: 'lifetime'});

/** How far back from `q` the window reaches (ms); Infinity where time does not bound it. */
export function reachMs(spec: WindowSpec): number {
  switch (spec.kind) {
    case 'sliding':
      return spec.ms;
    case 'coarse':
    case 'hopping':
      return spec.ms + spec.hopMs;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** Bounds [from, to) of a window that time alone bounds. */
export function boundsAt(spec: Extract<WindowSpec, {readonly ms: number}>, q: number): {from: number; to: number} {
  if (spec.kind === 'sliding') return {from: q - spec.ms, to: q};
  const floor = (time: number): number => Math.floor(time / spec.hopMs) * spec.hopMs;
  return {from: floor(q - spec.ms), to: spec.kind === 'coarse' ? q : floor(q)};
}

/** The window in words, for people. */
export function describeWindow(spec: WindowSpec, name: string): string {
  switch (spec.kind) {
    case 'sliding':
      return `over ${name}`;
    case 'coarse':
      return `over ${name.replace('_by', ', begun at whole ')}`;
    case 'hopping':
      return name.endsWith('_tumbling')
        ? `over the last whole ${name.slice(0, -'_tumbling'.length)}`
        : `over the last whole ${name.replace('_every', ' in steps of ')}`;
    case 'session':
      return `over the session (gap ${name.slice('session'.length)})`;
    case 'rows':
      return `over the last ${spec.count} events`;
    case 'lifetime':
      return 'over all time';
  }
}
