import type {FeatureView} from '../definitions/view.ts';
import type {StreamExecutor} from '../stream/executor.ts';
import {keyOf} from '../stream/view-state.ts';

/** What the live state answers, with the strings decoded. */
export function readLive(
  executor: StreamExecutor,
  view: FeatureView,
  key: readonly (string | null)[],
  q: number,
): Record<string, number | string | null> {
  const state = executor.view(view);
  const out = new Float64Array(view.features.length);
  executor.read(state, keyOf(key), q, out, 0);
  return Object.fromEntries(
    view.features.map(({name, type}, i) => [
      name,
      type === 'string' ? state.codes.decode(out[i]!) : Number.isNaN(out[i]!) ? null : out[i]!,
    ]),
  );
}
