import {canonicalJson, type PositionedBatch} from '../../protocol/index.ts';
import type {FeatureView} from '../definitions/view.ts';
import {LookupState} from './lookup-state.ts';

/** All that the views of a process look up in other streams; views with the same lookup share its rows. */
export class Lookups {
  readonly #states = new Map<string, LookupState>();

  /** Streams whose rows are looked up. */
  get streams(): readonly string[] {
    return [...new Set([...this.#states.values()].map(({lookup}) => lookup.source.name))];
  }

  add(view: FeatureView): void {
    for (const lookup of view.lookups) {
      const key = keyOf(lookup);
      if (!this.#states.has(key)) this.#states.set(key, new LookupState(lookup));
    }
  }

  /** Takes the rows of a batch of the log, if its stream is looked up. Batches come in order of position. */
  take(batch: PositionedBatch): void {
    for (const state of this.#states.values()) if (state.lookup.source.name === batch.stream) state.add(batch);
  }

  /** The batch with the columns that the view looks up. */
  join(view: FeatureView, batch: PositionedBatch): PositionedBatch {
    if (view.lookups.length === 0) return batch;
    const found = view.lookups.map(lookup => this.#states.get(keyOf(lookup))!.columnsFor(batch));
    return {...batch, columns: Object.assign({}, batch.columns, ...found)};
  }
}

const keyOf = ({alias, source: {name, latenessMs}, on, columns}: FeatureView['lookups'][number]): string =>
  canonicalJson([alias, name, latenessMs, on, columns]);
