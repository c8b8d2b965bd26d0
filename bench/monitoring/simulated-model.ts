// A model of forty features whose windows are drawn as counts, and what the platform's own rules make of them.
import {normalCdf, normalQuantile, type Random, seededRandom} from '../../src/math/index.ts';
import {
  type BinCounts,
  type DriftPair,
  judgeAlerts,
  judgeDrift,
  type MonitorPolicy,
  type TrainingProfile,
} from '../../src/monitoring/index.ts';
import type {Alert, Metrics, MonitorWindow} from '../../src/protocol/index.ts';
import {binomial, multinomial, sampledDeciles} from './draw-counts.ts';

/** Twenty numbers, and twenty categories of 2 to 100 values. */
const CATEGORIES = [2, 2, 2, 5, 5, 5, 10, 10, 10, 20, 20, 20, 50, 50, 50, 100, 100, 100, 100, 100];
const NUMBERS = 20;
const BINS = 10;
const WEEK = 7 * 86_400_000;
const TESTED: Pick<Metrics, 'auc' | 'baseRate'> = {auc: 0.75, baseRate: 0.3};

/** What happened to the first number (or category) of the world; nothing unless told. */
export type Change = {
  /** Standard deviations that the first number has moved by, and the factor by which its unit changed. */
  readonly shift?: number;
  readonly unit?: number;
  /** Share of rows without the first number. */
  readonly nulls?: number;
  /** The most frequent of ten categories is gone. */
  readonly vanished?: boolean;
};

export const CHANGED_NUMBER = 'number 0';
export const CHANGED_CATEGORY = 'category 6';

/** Weeks of one model after another: reference, windows, alerts. Every year has a reference of its own. */
export class SimulatedModel {
  readonly #policy: MonitorPolicy;
  readonly #random: Random;
  readonly #rows: number;
  readonly #profile: TrainingProfile;
  /** Shares of the population between the edges that the reference gave. */
  readonly #truth: readonly (readonly number[])[];
  readonly #predictions: BinCounts;
  readonly #recent: (readonly BinCounts[])[] = [];
  #week = 0;
  #open: Alert[] = [];
  readonly #history: MonitorWindow[] = [];

  constructor(policy: MonitorPolicy, rows: number, referenceRows: number, seed: number) {
    this.#policy = policy;
    this.#rows = rows;
    this.#random = seededRandom(seed);
    const numbers = Array.from({length: NUMBERS + 1}, () => sampledDeciles(referenceRows, BINS, this.#random));
    const categories = CATEGORIES.map(count => zipf(count));
    this.#truth = [...numbers.slice(0, NUMBERS), ...categories, numbers[NUMBERS]!];
    const deciles = Array.from({length: BINS}, () => Math.round(referenceRows / BINS));
    const importance = 1 / (NUMBERS + CATEGORIES.length);
    const edges = Array.from({length: BINS - 1}, (_, i) => i);
    this.#profile = {
      model: 'simulated',
      version: 1,
      rows: referenceRows,
      baseRate: TESTED.baseRate,
      features: [
        ...Array.from({length: NUMBERS}, (_, i) => ({
          kind: 'numeric' as const,
          name: `number ${i}`,
          importance,
          edges,
          counts: deciles,
          nulls: 0,
        })),
        ...categories.map((shares, i) => ({
          kind: 'categorical' as const,
          name: `category ${i}`,
          importance,
          categories: shares.map(String),
          codes: [],
          counts: multinomial(referenceRows, shares, this.#random),
          nulls: 0,
        })),
      ],
      prediction: {edges, counts: deciles},
      test: metricsAt(TESTED.auc!, referenceRows, this.#random),
    };
    this.#predictions = {counts: deciles, nulls: 0};
  }

  /** Lives one week, and its labels. Returns the alerts that opened, and those that are open at its end. */
  live(change: Change = {}): {
    readonly opened: readonly Alert[];
    readonly open: readonly Alert[];
    readonly window: MonitorWindow;
  } {
    const from = this.#week++ * WEEK;
    const closed = this.#window(from, change);
    const scored: MonitorWindow = {...closed, performance: this.#performance(from + WEEK)};
    const opened = [closed, scored].flatMap(window => {
      const changes = judgeAlerts({
        policy: this.#policy,
        window,
        profile: this.#profile,
        open: this.#open,
        history: this.#history,
        at: window.to,
      });
      const gone = new Set([...changes.resolved, ...changes.updated].map(({id}) => id));
      this.#open = [...this.#open.filter(({id}) => !gone.has(id)), ...changes.updated, ...changes.opened];
      return changes.opened;
    });
    this.#history.push(scored);
    if (this.#history.length > 20) this.#history.shift();
    return {opened, open: this.#open, window: scored};
  }

  #window(from: number, change: Change): MonitorWindow {
    const now = this.#truth.map((shares, f): BinCounts => {
      const name = this.#profile.features[f]?.name;
      const nulls = name === CHANGED_NUMBER ? binomial(this.#rows, change.nulls ?? 0, this.#random) : 0;
      return {counts: multinomial(this.#rows - nulls, this.#changed(name, shares, change), this.#random), nulls};
    });
    this.#recent.push(now);
    if (this.#recent.length > this.#policy.sliding!) this.#recent.shift();
    const sliding = now.map((_, f) => this.#recent.map(window => window[f]!).reduce(together));
    const drift = judgeDrift([...this.#pairs(now), ...this.#pairs(sliding)], this.#policy.drift!);
    const [ofWindow, ofSpan] = [drift.slice(0, now.length), drift.slice(now.length)];
    return {
      id: `simulated@${new Date(from).toISOString()}`,
      model: 'simulated',
      from,
      to: from + WEEK,
      predictions: this.#rows,
      byVersion: [{version: 1, predictions: this.#rows}],
      meanPrediction: TESTED.baseRate,
      latencyUs: {p50: 20, p99: 40},
      errors: 0,
      prediction: ofWindow.at(-1)!,
      drift: ofWindow.slice(0, -1),
      longer: [{span: 'sliding', from, predictions: this.#recent.length * this.#rows, drift: ofSpan}],
      profile: 1,
      performance: null,
    };
  }

  #pairs(current: readonly BinCounts[]): DriftPair[] {
    return current.map((counts, f) => {
      const feature = this.#profile.features[f];
      return {
        subject: feature?.name ?? 'prediction',
        kind: feature?.kind ?? 'numeric',
        reference: feature ?? this.#predictions,
        current: counts,
        ...(feature ? {} : {floor: this.#policy.predictionDrift!.effect}),
      };
    });
  }

  #changed(name: string | undefined, shares: readonly number[], change: Change): readonly number[] {
    if (name === CHANGED_NUMBER && (change.shift || change.unit)) {
      // The number is normal, of mean 5 and deviation 1; its edges are where the reference's deciles fell.
      let below = 0;
      const at = shares.slice(0, -1).map(share => {
        below += share;
        return normalCdf((5 + normalQuantile(below)) / (change.unit ?? 1) - 5 - (change.shift ?? 0));
      });
      return [...at, 1].map((share, bin) => share - (at[bin - 1] ?? 0));
    }
    if (name === CHANGED_CATEGORY && change.vanished) {
      const left = 1 - shares[0]!;
      return shares.map((share, i) => (i === 0 ? 0 : share / left));
    }
    return shares;
  }

  #performance(scoredAt: number): MonitorWindow['performance'] {
    const overall = metricsAt(TESTED.auc!, this.#rows, this.#random);
    return {labelled: this.#rows, unknown: 0, overall, byVersion: [{version: 1, metrics: overall}], scoredAt};
  }
}

const together = (a: BinCounts, b: BinCounts): BinCounts => ({
  counts: a.counts.map((count, bin) => count + b.counts[bin]!),
  nulls: a.nulls + b.nulls,
});

/** Shares that fall like 1 / rank. */
function zipf(count: number): number[] {
  const weights = Array.from({length: count}, (_, i) => 1 / (i + 1));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map(weight => weight / sum);
}

/** Measured on rows whose true AUC is known: a normal draw with the standard error of Hanley and McNeil (1982). */
function metricsAt(truth: number, rows: number, random: Random): Metrics {
  const positives = binomial(rows, TESTED.baseRate, random);
  const negatives = rows - positives;
  const q1 = truth / (2 - truth);
  const q2 = (2 * truth ** 2) / (1 + truth);
  const variance =
    (truth * (1 - truth) + (positives - 1) * (q1 - truth ** 2) + (negatives - 1) * (q2 - truth ** 2)) /
    Math.max(1, positives * negatives);
  const error = Math.sqrt(variance);
  const auc = truth + error * normalQuantile(1 - random());
  return {
    rows,
    positives,
    baseRate: positives / rows,
    meanPrediction: TESTED.baseRate,
    auc,
    aucLow: auc - 1.96 * error,
    aucHigh: auc + 1.96 * error,
    logLoss: 0.55,
    prAuc: null,
    brier: 0.2,
    ece: 0.02,
  };
}
