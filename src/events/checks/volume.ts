import {formatDuration} from '../../protocol/index.ts';
import type {Fold} from './fold.ts';

type State = {
  /** Windows before this one are judged or never will be; null before the first event. */
  readonly next: number | null;
  /** Counts of the windows from `next` on that have events, [window, events]. */
  readonly open: readonly (readonly [number, number])[];
  /** The window that was judged last. */
  readonly last: readonly [number, number] | null;
};

type Bounds = {readonly perMs: number; readonly min: number | null; readonly max: number | null};

/**
 * Events per window of event time. Windows close by arrival times, which no client sets, so that an event stamped
 * in the future closes nothing; only windows up to one ahead of the arrival are counted, so few are open.
 */
export function volumeFold({perMs, min, max}: Bounds, graceMs: number): Fold<State> {
  const fits = (events: number) => (min === null || events >= min) && (max === null || events <= max);
  /** Windows before this one are over at a time. */
  const overAt = (time: number) => Math.floor((time - graceMs) / perMs);
  const words = ([window, events]: readonly [number, number]) =>
    `${events} events in the ${formatDuration(perMs)} from ${new Date(window * perMs).toISOString()}`;
  return {
    start: () => ({next: null, open: [], last: null}),
    step(state, {count, eventTimes, arrivalTimes}) {
      const open = new Map(state.open);
      let {next, last} = state;
      let windows = 0;
      let example = '';
      let at = 0;
      const broke = (times: number, window: number, events: number, arrival: number) => {
        if (windows === 0) example = words([window, events]);
        windows += times;
        at = arrival;
      };
      const close = (to: number, arrival: number) => {
        while (next! < to) {
          // Windows without events are judged together, however many they are.
          const events = open.get(next!) ?? 0;
          const until = open.has(next!) ? next! + 1 : Math.min(to, ...open.keys());
          if (!fits(events)) broke(until - next!, next!, events, arrival);
          open.delete(next!);
          next = until;
          last = [until - 1, events];
        }
      };
      for (let i = 0; i < count; i++) {
        const arrival = arrivalTimes[i]!;
        if (next === null) next = overAt(arrival) + 1;
        close(overAt(arrival), arrival);
        const window = Math.floor(eventTimes[i]! / perMs);
        if (window >= next && window <= Math.floor(arrival / perMs) + 1) open.set(window, (open.get(window) ?? 0) + 1);
      }
      return {
        state: {next, open: [...open], last},
        broken: windows === 0 ? null : {count: windows, example, at},
      };
    },
    status({next, open, last}, now) {
      const window = overAt(now) - 1;
      const judged = next !== null && window >= next ? ([window, new Map(open).get(window) ?? 0] as const) : last;
      if (judged === null) return {state: 'unknown', detail: 'no whole window yet'};
      return {state: fits(judged[1]) ? 'ok' : 'violated', detail: words(judged)};
    },
  };
}
