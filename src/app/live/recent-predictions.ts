import type {FeatureSet} from '../../features/index.ts';
import type {PredictionRecord} from '../../protocol/index.ts';
import type {ServedPrediction} from '../../serving/index.ts';

type Kept = {readonly served: ServedPrediction; readonly latencyUs: number; label: number | null};

/** The newest predictions of a model, for people to look at. Keeps references only; records are made when read. */
export class RecentPredictions {
  readonly #set: FeatureSet;
  readonly #kept: Kept[] = [];
  readonly #byId = new Map<string, Kept>();
  readonly #size: number;
  #next = 0;

  constructor(set: FeatureSet, size = 200) {
    this.#set = set;
    this.#size = size;
  }

  add(served: ServedPrediction, latencyUs: number): void {
    const old = this.#kept[this.#next];
    if (old) this.#byId.delete(old.served.id);
    const kept = {served, latencyUs, label: null};
    this.#kept[this.#next] = kept;
    this.#byId.set(served.id, kept);
    this.#next = (this.#next + 1) % this.#size;
  }

  label(id: string, value: number): void {
    const kept = this.#byId.get(id);
    if (kept) kept.label = value;
  }

  /** Newest first. */
  newest(limit: number): PredictionRecord[] {
    const order = [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)].reverse();
    return order.slice(0, limit).map(({served, latencyUs, label}) => ({
      id: served.id,
      at: served.at,
      version: served.version,
      prediction: served.prediction,
      level: served.level,
      ...(served.outside.length > 0 ? {outside: served.outside} : {}),
      ...(served.abstained ? {abstained: true as const} : {}),
      label,
      latencyUs,
      request: served.request,
      features: featureObject(this.#set, served),
    }));
  }
}

/** The features of a prediction by name, as JSON shows them. On the path of every answer: no entries in between. */
export function featureObject(
  {features: specs}: FeatureSet,
  {features}: ServedPrediction,
): Record<string, number | string | boolean | null> {
  const object: Record<string, number | string | boolean | null> = {};
  for (let f = 0; f < specs.length; f++) {
    const {name, type} = specs[f]!;
    const value = features[f]!;
    if (typeof value !== 'number') object[name] = value;
    else object[name] = Number.isNaN(value) ? null : type === 'bool' ? value !== 0 : value;
  }
  return object;
}
