import {formatDuration} from '../../protocol/index.ts';
import type {Fold} from './fold.ts';

/** `stale`: the events that arrived last were already too old, which is counted once. */
type State = {readonly latest: number | null; readonly stale: boolean};

/** How old the latest event is; one that is stamped later than its arrival counts as of its arrival. */
export function freshnessFold(withinMs: number): Fold<State> {
  return {
    start: latest => ({latest, stale: false}),
    step(state, {count, eventTimes, arrivalTimes}) {
      let {latest, stale} = state;
      let times = 0;
      let example = '';
      let at = 0;
      for (let i = 0; i < count; i++) {
        const arrival = arrivalTimes[i]!;
        if (latest !== null && arrival - latest > withinMs && !stale) {
          if (times++ === 0) example = `no event for ${formatDuration(arrival - latest)}`;
          at = arrival;
        }
        latest = Math.max(latest ?? Number.NEGATIVE_INFINITY, Math.min(eventTimes[i]!, arrival));
        stale = arrival - latest > withinMs;
      }
      return {state: {latest, stale}, broken: times === 0 ? null : {count: times, example, at}};
    },
    status({latest}, now) {
      if (latest === null) return {state: 'unknown', detail: 'no event yet'};
      const age = Math.max(0, now - latest);
      return {
        state: age > withinMs ? 'violated' : 'ok',
        detail: `the latest event is ${formatDuration(age)} old; at most ${formatDuration(withinMs)} allowed`,
      };
    },
  };
}
