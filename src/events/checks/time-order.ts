import {formatDuration} from '../../protocol/index.ts';
import type {Fold} from './fold.ts';

type State = {readonly latest: number | null};

/** Event times that lie more than a tolerance behind the latest before them. */
export function timeOrderFold(toleranceMs: number): Fold<State> {
  return {
    start: latest => ({latest}),
    step(state, {count, eventTimes, arrivalTimes}) {
      let latest = state.latest ?? Number.NEGATIVE_INFINITY;
      let behind = 0;
      let example = '';
      let at = 0;
      for (let i = 0; i < count; i++) {
        const time = eventTimes[i]!;
        if (time < latest - toleranceMs) {
          if (behind++ === 0) example = `${new Date(time).toISOString()} is ${formatDuration(latest - time)} back`;
          at = arrivalTimes[i]!;
        }
        latest = Math.max(latest, Math.min(time, arrivalTimes[i]!));
      }
      return {
        state: count === 0 ? state : {latest},
        broken: behind === 0 ? null : {count: behind, example, at},
      };
    },
    status: ({latest}) => ({
      state: null,
      detail: latest === null ? 'no event yet' : `the latest event time is ${new Date(latest).toISOString()}`,
    }),
  };
}
