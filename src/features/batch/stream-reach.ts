import type {FeatureSet} from '../definitions/feature-set.ts';
import {cutReach} from '../definitions/refresh.ts';
import {reachMs} from '../definitions/window.ts';

/**
 * The streams that a set reads, with how far back before a row (ms): as far as the longest window over each. Windows of
 * rows, sessions and lifetimes reach back without end, and so does what is looked up in a stream. A view that is read
 * as of its cuts reaches back as far from the cut.
 */
export function streamReach({views}: FeatureSet): ReadonlyMap<string, number> {
  const reach = new Map<string, number>();
  const read = (stream: string, ms: number) => reach.set(stream, Math.max(ms, reach.get(stream) ?? 0));
  for (const use of views) {
    const {view} = use;
    read(view.source.name, cutReach(use) + Math.max(0, ...view.features.map(({over}) => reachMs(over))));
    for (const {source} of view.lookups) read(source.name, Number.POSITIVE_INFINITY);
  }
  return reach;
}
