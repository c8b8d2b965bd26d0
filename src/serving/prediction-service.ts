import type {FeatureRow, OnlineReader} from '../features/index.ts';
import {MillraceError, type ReleasePlan} from '../protocol/index.ts';
import {type Assignment, assigner, championOf} from '../registry/index.ts';
import {LoadedVersion} from './loaded-version.ts';
import type {RequestFields} from './request.ts';

/** One answered request with all that was used for it. */
export type ServedPrediction = {
  readonly id: string;
  /** Query time of the features (UTC ms). */
  readonly at: number;
  /** Log position that the live state had taken. */
  readonly position: number;
  readonly version: number;
  readonly role: 'champion' | 'canary';
  readonly prediction: number;
  readonly request: RequestFields;
  readonly features: FeatureRow;
};

export type ServiceOptions = {
  readonly model: string;
  /** Reads the features as they are defined now; their names and order are those of every answer. */
  readonly reader: OnlineReader;
  /** Reads the features as a version was trained with them, where they were defined otherwise then; null: as now. */
  readonly pinned?: (version: number) => Promise<OnlineReader | null>;
  /** Bytes of a version's artifact. */
  readonly artifact: (version: number) => Promise<Uint8Array>;
  /** Log position that the live state has taken. */
  readonly position: () => number;
};

/** A version, what it reads, and its row in the order of the answers. */
type Arm = {
  readonly loaded: LoadedVersion;
  readonly reader: OnlineReader;
  readonly answered: (row: FeatureRow) => FeatureRow;
};

type Active = {
  readonly plan: ReleasePlan;
  readonly assign: (unit: string) => Assignment;
  readonly arms: ReadonlyMap<number, Arm>;
  readonly readers: readonly OnlineReader[];
  readonly champion: LoadedVersion;
};

type Rows = ReadonlyMap<OnlineReader, FeatureRow>;

/**
 * Answers requests of one model by its release plan: fetch features, choose the version, predict. A new plan
 * is loaded beside the old one and takes over between two requests; if it cannot be loaded the old one stays.
 */
export class PredictionService {
  readonly model: string;
  readonly reader: OnlineReader;
  readonly #options: ServiceOptions;
  readonly #names: readonly string[];
  /** What versions with other definitions read for an answer. */
  readonly #rows = new WeakMap<ServedPrediction, Rows>();
  #active: Active | null = null;

  constructor(options: ServiceOptions) {
    this.model = options.model;
    this.reader = options.reader;
    this.#options = options;
    this.#names = options.reader.set.features.map(({name}) => name);
  }

  get plan(): ReleasePlan | null {
    return this.#active?.plan ?? null;
  }

  /** Loads what the plan needs, then switches, unless a newer plan was faster. */
  async use(plan: ReleasePlan): Promise<void> {
    const arms = new Map<number, Arm>();
    for (const {version} of plan.arms)
      arms.set(version, this.#active?.arms.get(version) ?? (await this.#load(version)));
    if (this.#active && this.#active.plan.revision > plan.revision) return;
    const champion = arms.get(championOf(plan))!.loaded;
    const readers = [...new Set([...arms.values()].map(({reader}) => reader))];
    this.#active = {plan, assign: assigner(plan), arms, readers, champion};
  }

  async #load(version: number): Promise<Arm> {
    const artifact = await this.#options.artifact(version);
    const pinned = (await this.#options.pinned?.(version)) ?? null;
    if (pinned === null)
      return {loaded: new LoadedVersion(version, artifact, this.#names), reader: this.reader, answered: row => row};
    const names = pinned.set.features.map(({name}) => name);
    const places = this.#names.map(name => names.indexOf(name));
    const types = this.reader.set.features.map(({type}) => type);
    const answered = (row: FeatureRow): FeatureRow =>
      places.map((place, i) => (place >= 0 ? row[place]! : types[i] === 'string' ? null : Number.NaN));
    return {loaded: new LoadedVersion(version, artifact, names), reader: pinned, answered};
  }

  /** One prediction as of `at`. Throws NOT_READY before a version was deployed. */
  predict(request: RequestFields, id: string, at: number): ServedPrediction {
    const {assign, arms, readers} = this.#ready();
    const {version, role} = assign(id);
    const {loaded, reader, answered} = arms.get(version)!;
    // All are read now: the live state cannot be read as of this moment later.
    const others = readers.length === 1 ? null : new Map(readers.map(each => [each, each.read(request, at)]));
    const row = others?.get(reader) ?? reader.read(request, at);
    const served: ServedPrediction = {
      id,
      at,
      position: this.#options.position(),
      version,
      role,
      prediction: loaded.predict(row),
      request,
      features: answered(row),
    };
    if (others !== null) this.#rows.set(served, others);
    return served;
  }

  /** What the versions that did not answer would have said. Off the critical path: call it after the answer. */
  shadows(served: ServedPrediction): {readonly version: number; readonly prediction: number}[] {
    const {plan, arms} = this.#ready();
    if (plan.arms.length === 1) return [];
    const rows = this.#rows.get(served);
    return plan.arms.flatMap(({version}) => {
      const {loaded, reader} = arms.get(version)!;
      const row = rows?.get(reader) ?? (reader === this.reader ? served.features : undefined);
      // Without a row the plan came after the answer, and what this version reads was not read then.
      return version === served.version || row === undefined ? [] : [{version, prediction: loaded.predict(row)}];
    });
  }

  /** The version in charge, in memory. */
  get champion(): LoadedVersion {
    return this.#ready().champion;
  }

  #ready(): Active {
    if (this.#active === null)
      throw new MillraceError('NOT_READY', `No version of '${this.model}' is deployed.`, {
        fix: `Train one and run: millrace deploy ${this.model}`,
      });
    return this.#active;
  }
}
