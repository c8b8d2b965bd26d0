import type {FeatureSet} from '../definitions/feature-set.ts';
import {reachMs} from '../definitions/window.ts';

/**
 * The streams that a set reads, with how far back before a row (ms): as far as the longest window over each. Windows of
 * rows, sessions and lifetimes reach back without end, and so does what is looked up in a stream.
 */
export function streamReach({views}: FeatureSet): ReadonlyMap<string, number> {
  const reach = new Map<string, number>();
  const read = (stream: string, ms: number) => reach.set(stream, Math.max(ms, reach.get(stream) ?? 0));
  for (const {view} of views) {
    read(view.source.name, Math.max(0, ...view.features.map(({over}) => reachMs(over))));
    for (const {source} of view.lookups) read(source.name, Number.POSITIVE_INFINITY);
  }
  return reach;
}
