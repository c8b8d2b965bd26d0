import type {MaturedRow, PredictionLog} from '../../../logs/index.ts';
import {
  ItemExposure,
  loopReport,
  type MonitorPolicy,
  type Popularity,
  popularityOf,
} from '../../../monitoring/index.ts';
import type {LoopReport, MonitorWindow} from '../../../protocol/index.ts';
import type {ObjectStore} from '../../../stores/index.ts';
import {REQUEST_PREFIX} from '../logged-request.ts';

/** Rows of the first window that says how popular items are when a version begins. */
const LEAST_ROWS = 500;

type KeptPopularity = {readonly items: number; readonly head: readonly string[]; readonly middle: readonly string[]};

/**
 * Whether a model that recommends feeds on itself: what it showed in a window, read from the prediction log, beside what it
 * showed in its first window of 500 rows or more.
 */
export class LoopWatch {
  readonly #predictions: Pick<PredictionLog, 'served' | 'flush'>;
  readonly #objects: Pick<ObjectStore, 'get' | 'put'>;
  readonly #item: string | null;
  readonly #popularity = new Map<number, Popularity>();

  constructor(
    {
      predictions,
      objects,
    }: {readonly predictions: Pick<PredictionLog, 'served' | 'flush'>; readonly objects: ObjectStore},
    {loop}: MonitorPolicy,
  ) {
    this.#predictions = predictions;
    this.#objects = objects;
    this.#item = loop?.item ?? null;
  }

  /** Nothing where the policy names no item. `rows`: of the window, as far as their labels are known. */
  async reportOf(window: MonitorWindow, rows: readonly MaturedRow[]): Promise<{loop?: LoopReport | null}> {
    if (this.#item === null) return {};
    const exposure = await this.#exposureOf(window, this.#item, rows);
    const popularity = await this.#popularityFor(window, exposure);
    return {loop: popularity && loopReport(exposure.snapshot(), popularity)};
  }

  async #exposureOf(
    {model, from, to}: MonitorWindow,
    item: string,
    rows: readonly MaturedRow[],
  ): Promise<ItemExposure> {
    const labels = new Map(rows.flatMap(({id, label}) => (label === null ? [] : [[id, label] as const])));
    const exposure = new ItemExposure();
    await this.#predictions.flush();
    for await (const {count, ids, features} of this.#predictions.served(model, {from, to})) {
      const column = features[`${REQUEST_PREFIX}${item}`];
      for (let i = 0; i < count; i++) {
        const value = column?.[i] ?? null;
        if (value === null || Number.isNaN(value)) continue;
        exposure.show(String(value));
        const label = labels.get(ids[i]!);
        if (label !== undefined) exposure.mature(String(value), label);
      }
    }
    return exposure;
  }

  /** Null until a window of the version has enough rows to say. */
  async #popularityFor({model, profile = 0}: MonitorWindow, exposure: ItemExposure): Promise<Popularity | null> {
    const name = `loops/${model}/${profile}.json`;
    let popularity = this.#popularity.get(profile) ?? null;
    const kept = popularity ? undefined : await this.#objects.get(name);
    if (kept) {
      const {items, head, middle} = JSON.parse(new TextDecoder().decode(kept)) as KeptPopularity;
      popularity = {items, head: new Set(head), middle: new Set(middle)};
    } else if (!popularity && exposure.rows >= LEAST_ROWS) {
      popularity = popularityOf(exposure.snapshot());
      const {items, head, middle} = popularity;
      await this.#objects.put(
        name,
        new TextEncoder().encode(JSON.stringify({items, head: [...head], middle: [...middle]})),
      );
    }
    if (popularity) this.#popularity.set(profile, popularity);
    return popularity;
  }
}
