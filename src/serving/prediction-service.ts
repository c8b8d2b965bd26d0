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
  readonly reader: OnlineReader;
  /** Bytes of a version's artifact. */
  readonly artifact: (version: number) => Promise<Uint8Array>;
  /** Log position that the live state has taken. */
  readonly position: () => number;
};

type Active = {
  readonly plan: ReleasePlan;
  readonly assign: (unit: string) => Assignment;
  readonly versions: ReadonlyMap<number, LoadedVersion>;
  readonly champion: LoadedVersion;
};

/**
 * Answers requests of one model by its release plan: fetch features, choose the version, predict. A new plan
 * is loaded beside the old one and takes over between two requests; if it cannot be loaded the old one stays.
 */
export class PredictionService {
  readonly model: string;
  readonly reader: OnlineReader;
  readonly #options: ServiceOptions;
  readonly #names: readonly string[];
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
    const versions = new Map<number, LoadedVersion>();
    for (const {version} of plan.arms) {
      const loaded = this.#active?.versions.get(version);
      versions.set(version, loaded ?? new LoadedVersion(version, await this.#options.artifact(version), this.#names));
    }
    if (this.#active && this.#active.plan.revision > plan.revision) return;
    const champion = versions.get(championOf(plan))!;
    this.#active = {plan, assign: assigner(plan), versions, champion};
  }

  /** One prediction as of `at`. Throws NOT_READY before a version was deployed. */
  predict(request: RequestFields, id: string, at: number): ServedPrediction {
    const {assign, versions} = this.#ready();
    const features = this.reader.read(request, at);
    const {version, role} = assign(id);
    return {
      id,
      at,
      position: this.#options.position(),
      version,
      role,
      prediction: versions.get(version)!.predict(features),
      request,
      features,
    };
  }

  /** What the versions that did not answer would have said. Off the critical path: call it after the answer. */
  shadows(served: ServedPrediction): {readonly version: number; readonly prediction: number}[] {
    const {plan, versions} = this.#ready();
    if (plan.arms.length === 1) return [];
    return plan.arms
      .filter(({version}) => version !== served.version)
      .map(({version}) => ({version, prediction: versions.get(version)!.predict(served.features)}));
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
