// Declarations of checks about many events. What they count is decided by the events of the log in their order
// and by nothing else; only what they say "now" also depends on a clock.
import {type Duration, durationMs} from '../../protocol/index.ts';
import type {Check} from './check.ts';

/**
 * At most `max` (a share, 0 to 1) of each run of `rows` accepted events, 1,000 unless told, may have null in
 * `column`. A window is broken by the first null above its budget of floor(max × rows), so a `stop` refuses the
 * push that brings that null, and never one without nulls. Counts windows.
 */
export function nullShare<const C extends string>(
  column: C,
  {max, rows = 1_000}: {readonly max: number; readonly rows?: number},
  action: 'warn' | 'stop' = 'warn',
): Check<C> {
  return Object.freeze<Check<C>>({
    columns: [column],
    action,
    name: `${column} null in at most ${max} of ${rows} events`,
    rule: {kind: 'null-share', max, rows},
  });
}

/**
 * No two events have the same values in `columns`, besides the id, which the gate sees to; nulls never equal each
 * other. Values are remembered for `within` of arrival time (24 hours unless told), but no more of them than
 * `maxValues` (a million unless told, some 100 bytes each): beyond that the older half is forgotten, and the
 * status says how many are remembered. Counts events.
 */
export function unique<const C extends string>(
  columns: C | readonly C[],
  {within = '24h', maxValues = 1_000_000}: {readonly within?: Duration; readonly maxValues?: number} = {},
  action: 'warn' | 'stop' = 'warn',
): Check<C> {
  const list = typeof columns === 'string' ? [columns] : columns;
  return Object.freeze<Check<C>>({
    columns: list,
    action,
    name: `${list.join(', ')} unique within ${within}`,
    rule: {kind: 'unique', withinMs: durationMs(within), maxValues},
  });
}

/**
 * The event time goes back by at most `tolerance` (0 unless told) from the latest one of the stream. An event
 * stamped later than its arrival counts as of its arrival, so that one wrong clock does not make all others late.
 * Counts events.
 */
export function timeNotBackwards(
  {tolerance = '0ms'}: {readonly tolerance?: Duration} = {},
  action: 'warn' | 'stop' = 'warn',
): Check<never> {
  const toleranceMs = durationMs(tolerance);
  return Object.freeze<Check<never>>({
    columns: [],
    action,
    name: toleranceMs === 0 ? 'time never goes back' : `time goes back by at most ${tolerance}`,
    rule: {kind: 'time-order', toleranceMs},
  });
}

/**
 * The latest event is at most `within` old. Only warns: there is nothing to refuse. Its state is that of the moment
 * it is asked for; it counts how often the stream was found stale by the next event that arrived.
 */
export function fresh({within}: {readonly within: Duration}): Check<never> {
  return Object.freeze<Check<never>>({
    columns: [],
    action: 'warn',
    name: `an event every ${within}`,
    rule: {kind: 'fresh', withinMs: durationMs(within)},
  });
}

/**
 * Each window of `per` of event time (aligned to the Unix epoch) has `min` to `max` events. A window is judged when
 * an event arrives `grace` after its end (the source's delay unless told); what comes for it later is not counted,
 * nor what is stamped more than a window ahead of its arrival. The window in which the stream begins is not judged.
 * Only warns: a window is judged when it is over. Counts windows.
 */
export function volume({
  per,
  min,
  max,
  grace,
}: {
  readonly per: Duration;
  readonly min?: number;
  readonly max?: number;
  readonly grace?: Duration;
}): Check<never> {
  const bounds = max === undefined ? `at least ${min}` : min === undefined ? `at most ${max}` : `${min} to ${max}`;
  return Object.freeze<Check<never>>({
    columns: [],
    action: 'warn',
    name: `${bounds} events per ${per}`,
    rule: {
      kind: 'volume',
      perMs: durationMs(per),
      min: min ?? null,
      max: max ?? null,
      graceMs: grace === undefined ? null : durationMs(grace),
    },
  });
}
