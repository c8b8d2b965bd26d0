import type {MaturedRow} from '../../../logs/index.ts';
import {hash53, seededRandom} from '../../../math/index.ts';
import {
  type ClosedWindow,
  type ConceptDetection,
  changeByFeature,
  estimateWindow,
  type MonitorPolicy,
  type ReferenceRows,
  refreshCalibration,
  type ScoreCalibration,
  widenByRecord,
} from '../../../monitoring/index.ts';
import {MillraceError, type MonitorWindow, type PerformanceEstimate} from '../../../protocol/index.ts';
import type {ObjectStore} from '../../../stores/index.ts';
import {loadReferenceRows} from '../../train/reference-rows.ts';
import {KeptScores} from './kept-scores.ts';

/** What estimates of one version are made with. */
type Basis = {
  readonly reference: ReferenceRows;
  readonly kept: KeptScores;
  calibration: {readonly value: ScoreCalibration; readonly newest: number | null} | null;
};

export type WindowEstimate = {
  readonly estimate: PerformanceEstimate;
  readonly calibration: ScoreCalibration;
  readonly reference: ReferenceRows;
  /** By feature that drifts: what it alone changes in the estimated AUC. */
  readonly changes: ReadonlyMap<string, number>;
};

/** Features whose change is estimated; those that drift most, if there are more. */
const MOST_FEATURES = 10;
const METRIC = 'auc';

/** Estimated performance of the windows of one model, with calibrations kept fresh by the labels that come. */
export class ModelEstimates {
  readonly #objects: ObjectStore;
  readonly #model: string;
  readonly #policy: MonitorPolicy;
  /** Of the version in charge, and of the one before while its last window is open. */
  readonly #bases = new Map<number, Basis>();

  /** What people should know of. */
  readonly problems: string[] = [];

  constructor(objects: ObjectStore, model: string, policy: MonitorPolicy) {
    this.#objects = objects;
    this.#model = model;
    this.#policy = policy;
  }

  /** `maturedTo`: predictions made until then have matured (UTC ms). */
  async follow(version: number, maturedTo: number): Promise<void> {
    if (this.#policy.estimate === null || this.#bases.has(version)) return;
    const reference = await loadReferenceRows({objects: this.#objects}, this.#model, version);
    // Versions of earlier releases kept no rows of their test split: nothing is estimated of them.
    if (!reference || reference.rows === 0) return;
    const known = await this.#known(version);
    const kept = known ?? new KeptScores(version, maturedTo);
    if (!known) await kept.save(this.#objects, this.#model);
    this.#bases.set(version, {reference, kept, calibration: null});
    const [oldest] = this.#bases.keys();
    if (this.#bases.size > 2) this.#bases.delete(oldest!);
  }

  /** What had matured before; nothing where that cannot be read, which keeps no server from starting. */
  async #known(version: number): Promise<KeptScores | null> {
    try {
      return await KeptScores.load(this.#objects, this.#model, version);
    } catch (error) {
      if (!(error instanceof MillraceError && error.code === 'STORE_CORRUPT')) throw error;
      this.problems.push(`${error.message} ${error.fix}`);
      return null;
    }
  }

  /** Moments at which outcomes stopped being what the scores of a version said, the last ones. */
  detectionsOf(version: number | undefined): readonly ConceptDetection[] {
    return (version !== undefined && this.#bases.get(version)?.kept.detections) || [];
  }

  /** Rows of the test split of a version that is followed; null where none are kept. */
  referenceOf(version: number | undefined): ReferenceRows | null {
    return (version !== undefined && this.#bases.get(version)?.reference) || null;
  }

  /** Predictions made after this have not been taken (UTC ms); null where none are. */
  maturedTo(version: number): number | null {
    return this.#bases.get(version)?.kept.to ?? null;
  }

  mature(rows: readonly MaturedRow[]): void {
    for (const {kept} of this.#bases.values()) kept.add(rows);
  }

  /** Keeps what has matured of the version in charge. */
  async save(version: number): Promise<void> {
    await this.#bases.get(version)?.kept.save(this.#objects, this.#model);
  }

  /** Of the rows that the window's version answered, as sure as earlier estimates were right; null where there is nothing to estimate from. */
  estimate(
    {profile, sample}: ClosedWindow,
    drift: MonitorWindow['drift'],
    past: readonly MonitorWindow[],
  ): WindowEstimate | null {
    const basis = this.#bases.get(profile.version);
    const {estimate: policy, value} = this.#policy;
    if (!basis || policy === null || sample.rows === 0) return null;
    const calibration = this.#calibrationOf(basis);
    const plain = estimateWindow({calibration, sample, policy, value});
    if (plain === null) return null;
    const estimate = widenByRecord(plain, past);
    const features = drift
      .filter(({verdict}) => verdict === 'drift')
      .sort((a, b) => b.effect - a.effect)
      .slice(0, MOST_FEATURES)
      .map(({subject}) => subject);
    const {reference} = basis;
    const options = {decideAt: policy.decideAt, value};
    const changes = changeByFeature({reference, sample, calibration, features, metric: METRIC, options});
    return {
      estimate,
      calibration,
      reference,
      changes: new Map(changes.map(({feature, change}) => [feature, change])),
    };
  }

  /** Made again when labels have come since. */
  #calibrationOf(basis: Basis): ScoreCalibration {
    const {reference, kept} = basis;
    const {newest} = kept.scores;
    if (basis.calibration === null || basis.calibration.newest !== newest) {
      const random = seededRandom(hash53(`${this.#model} ${kept.version} ${newest}`));
      basis.calibration = {value: refreshCalibration(reference, kept.scores, random), newest};
    }
    return basis.calibration.value;
  }
}
