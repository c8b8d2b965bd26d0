import type {MonitorWindow, Shift} from '../../protocol/index.ts';
import {type ShiftPoint, shiftPattern} from './shift-pattern.ts';

/** The windows of a model up to the one that is judged, oldest first. */
export type Windows = readonly MonitorWindow[];

/** When a shift that the last window shows began, and how. */
export type ShiftRun = Pick<Shift, 'since' | 'pattern'> & {readonly first: MonitorWindow};

/**
 * Goes back from the last window to the first of the run that shows the shift. Windows that cannot tell, such as silent
 * ones, neither show nor end it. `valueOf` is how far away a window is, null where that is not known.
 */
export function shiftRun(
  windows: Windows,
  shows: (window: MonitorWindow) => boolean | null,
  distanceOf: (window: MonitorWindow) => number | null,
): ShiftRun {
  let first = windows.at(-1)!;
  for (const window of windows.slice(0, -1).reverse()) {
    const shown = shows(window);
    if (shown === false) break;
    if (shown) first = window;
  }
  const points = windows.flatMap(({from, to}, i): ShiftPoint[] => {
    const value = distanceOf(windows[i]!);
    return value === null ? [] : [{from, to, value}];
  });
  const onset = points.findIndex(({from}) => from >= first.from);
  const isKnown = onset !== -1 && points.at(-1)!.from === windows.at(-1)!.from;
  return {first, since: first.from, pattern: isKnown ? shiftPattern(points, onset) : 'unclear'};
}
