/** Features that know too much: what one feature alone says about the label, and what its absence says. */

import {rocAuc, sampleIndices, seededRandom} from '../math/index.ts';
import type {LeakageFinding} from '../protocol/index.ts';

/** Column-major features: numbers, or codes where `kinds` says categorical; NaN is missing. */
export type LeakageColumns = {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  readonly kinds?: readonly ('numeric' | 'categorical')[];
};

export type LeakageOptions = {
  readonly seed?: number;
  /** Rows looked at, drawn at random; 200,000 unless told. */
  readonly sample?: number;
  /** AUC from which a feature is reported (0.88), and from which it stops the training (0.95). */
  readonly warn?: number;
  readonly block?: number;
};

/** Fewer rows of either class than this say nothing. */
const MIN_CLASS_ROWS = 30;

/**
 * Two checks over every feature: `single-feature-auc` of its value among rows that have one, in whichever
 * direction is stronger, and `missing-value-auc` of being missing. Categories are scored by the rate that
 * their value had in the other half of the sample, so that rare values cannot memorise labels. Returns the
 * findings that warn or block, strongest first; a check that found none says so with its strongest feature.
 *
 * A safety net only: leaks of a lower AUC exist, and only declared availability times rule them out.
 */
export function singleFeatureLeakage(
  {names, columns, kinds}: LeakageColumns,
  labels: Float64Array,
  {seed = 1, sample = 200_000, warn = 0.88, block = 0.95}: LeakageOptions = {},
): LeakageFinding[] {
  const random = seededRandom(seed);
  const rows = sampleIndices(labels.length, sample, random);
  const half = Uint8Array.from(rows, () => (random() < 0.5 ? 0 : 1));
  const y = Float64Array.from(rows, row => labels[row]!);
  const byValue: Measured[] = [];
  const byAbsence: Measured[] = [];
  names.forEach((feature, f) => {
    const column = columns[f]!;
    const x = Float64Array.from(rows, row => column[row]!);
    byValue.push({feature, auc: kinds?.[f] === 'categorical' ? categoricalAuc(x, y, half) : numericAuc(x, y)});
    byAbsence.push({
      feature,
      auc: strength(
        x.map(value => (Number.isNaN(value) ? 1 : 0)),
        y,
      ),
    });
  });
  const report = (check: string, measured: readonly Measured[], tells: string): LeakageFinding[] => {
    const ranked = [...measured].sort((a, b) => b.auc - a.auc);
    const found = ranked.filter(({auc}) => auc >= warn);
    if (found.length === 0 && ranked.length > 0) {
      const {feature, auc} = ranked[0]!;
      const message = `No feature ${tells} with an AUC of ${warn} or more; the strongest is ${feature}, ${auc.toFixed(3)}.`;
      return [{check, feature: null, severity: 'ok', measured: auc, message}];
    }
    return found.map(({feature, auc}) => ({
      check,
      feature,
      severity: auc >= block ? 'block' : 'warn',
      measured: auc,
      message: `${feature} alone ${tells} with an AUC of ${auc.toFixed(3)} (${auc >= block ? `${block} and more blocks` : `${warn} and more warns`}): check that it is known at the time of the prediction.`,
    }));
  };
  return [
    ...report('single-feature-auc', byValue, 'tells the label'),
    ...report('missing-value-auc', byAbsence, 'tells the label by being missing'),
  ];
}

type Measured = {readonly feature: string; readonly auc: number};

function numericAuc(x: Float64Array, y: Float64Array): number {
  return strength(
    x.filter(value => !Number.isNaN(value)),
    y.filter((_, i) => !Number.isNaN(x[i]!)),
  );
}

/** Each half of the rows is scored by the rates of the other; unseen values by the base rate. */
function categoricalAuc(x: Float64Array, y: Float64Array, half: Uint8Array): number {
  const scores = new Float64Array(x.length);
  for (const scored of [0, 1]) {
    const tallies = new Map<number, [rows: number, positives: number]>();
    let rows = 0;
    let positives = 0;
    for (let i = 0; i < x.length; i++) {
      if (half[i] === scored) continue;
      const tally = tallies.get(x[i]!) ?? [0, 0];
      tally[0]++;
      tally[1] += y[i]!;
      tallies.set(x[i]!, tally);
      rows++;
      positives += y[i]!;
    }
    const base = rows === 0 ? 0 : positives / rows;
    for (let i = 0; i < x.length; i++) {
      if (half[i] !== scored) continue;
      const [seen, positive] = tallies.get(x[i]!) ?? [0, 0];
      scores[i] = (positive + base) / (seen + 1);
    }
  }
  return strength(scores, y);
}

/** AUC in the stronger direction; 0.5 where a class has too few rows. */
function strength(x: Float64Array, y: Float64Array): number {
  const positives = y.reduce((sum, label) => sum + label, 0);
  if (positives < MIN_CLASS_ROWS || y.length - positives < MIN_CLASS_ROWS) return 0.5;
  const auc = rocAuc(x, y);
  return Math.max(auc, 1 - auc);
}
