/** A gate applied to the chosen model: the comparison, in figures and in words. */

import {benjaminiHochberg, normalCdf} from '../math/index.ts';
import {type GateResult, type Metrics, MillraceError, nearest} from '../protocol/index.ts';
import {describeGate, type Gate, isPaired, isScore, type Rival} from './gates.ts';
import type {MetricName} from './metrics.ts';
import {type Improvement, pairedImprovement} from './paired-improvement.ts';
import {gatherSlice, type SliceGroups} from './slices.ts';

/** Something scored on the test split. */
export type Contender = {readonly name: string; readonly scores: Float64Array; readonly metrics: Metrics};

export type Trial = {
  readonly chosen: Contender;
  /** Baselines, and the incumbent if there is one. */
  readonly rivals: readonly Contender[];
  readonly labels: Float64Array;
  readonly slices: readonly SliceGroups[];
};

/** False discovery rate over the slices of one gate. */
const SLICE_FDR = 0.05;

/** A gate about an incumbent passes where there is none, and says so. Throws NAME_UNKNOWN for any other absent rival. */
export function judgeGate(gate: Gate, trial: Trial): GateResult {
  const verdict = judge(gate, trial);
  return {gate: describeGate(gate), ...verdict};
}

type Verdict = Omit<GateResult, 'gate'>;

function judge(gate: Gate, trial: Trial): Verdict {
  switch (gate.kind) {
    case 'beats':
    case 'not-worse':
      return compare(gate, trial);
    case 'at-least':
    case 'at-most':
      return limit(gate, trial.chosen);
    case 'calibrated':
      return calibrated(gate, trial.chosen.metrics);
    case 'slices':
      return slicesHold(gate, trial);
  }
}

function compare(gate: Extract<Gate, {kind: 'beats' | 'not-worse'}>, trial: Trial): Verdict {
  const {metric, rival: name} = gate;
  const required = gate.kind === 'beats' ? gate.by : -gate.within;
  const rival = findRival(name, trial.rivals);
  if (rival === null) return noIncumbent(required);
  const ours = trial.chosen.metrics[metric];
  const theirs = rival.metrics[metric];
  if (ours === null || theirs === null) return undefinedMetric(metric, required);

  const measured = isScore(metric) ? ours - theirs : theirs - ours;
  const paired = isPaired(metric) ? pairedImprovement(metric, trial.chosen.scores, rival.scores, trial.labels) : null;
  const beyondChance = gate.kind === 'not-worse' || paired === null || paired.low > 0;
  const passed = measured >= required && beyondChance;
  const figures = `${metric} ${figure(ours)} against ${figure(theirs)} of ${name}: ${betterOrWorse(measured)}${interval(paired)}`;
  const demand =
    gate.kind === 'not-worse'
      ? `at most ${gate.within} worse is allowed`
      : gate.by === 0
        ? 'any advantage beyond chance is enough'
        : `at least ${gate.by} better is required`;
  const doubt = measured >= required && !beyondChance ? '; the difference is within chance' : '';
  return {passed, measured, required, message: `${figures}; ${demand}${doubt}.`};
}

function limit(gate: Extract<Gate, {kind: 'at-least' | 'at-most'}>, {metrics}: Contender): Verdict {
  const measured = metrics[gate.metric];
  const required = gate.value;
  if (measured === null) return undefinedMetric(gate.metric, required);
  const range = gate.metric === 'auc' ? ` [${figure(metrics.aucLow!)}, ${figure(metrics.aucHigh!)}]` : '';
  return gate.kind === 'at-least'
    ? {
        passed: measured >= required,
        measured,
        required,
        message: `${gate.metric} ${figure(measured)}${range}; at least ${required} is required.`,
      }
    : {
        passed: measured <= required,
        measured,
        required,
        message: `${gate.metric} ${figure(measured)}; at most ${required} is allowed.`,
      };
}

function calibrated({ece, ratio}: Extract<Gate, {kind: 'calibrated'}>, metrics: Metrics): Verdict {
  const {meanPrediction, baseRate} = metrics;
  const measuredRatio = meanPrediction / baseRate;
  const eceHolds = metrics.ece <= ece;
  const ratioHolds = ratio === null || (measuredRatio >= ratio[0] && measuredRatio <= ratio[1]);
  const ratioText =
    ratio === null ? '' : `, ${figure(measuredRatio)} times; [${ratio[0]}, ${ratio[1]}] times is allowed`;
  return {
    passed: eceHolds && ratioHolds,
    measured: metrics.ece,
    required: ece,
    message: `calibration error ${figure(metrics.ece)}, at most ${ece} is allowed; mean prediction ${figure(meanPrediction)} at base rate ${figure(baseRate)}${ratioText}.`,
  };
}

function slicesHold(gate: Extract<Gate, {kind: 'slices'}>, trial: Trial): Verdict {
  const rival = findRival(gate.rival, trial.rivals);
  if (rival === null) return noIncumbent(gate.by);
  const tests = trial.slices.flatMap(groups =>
    groups.values.flatMap((value, g) => {
      if (groups.starts[g + 1]! - groups.starts[g]! < gate.minRows) return [];
      const {scores: ours, labels} = gatherSlice(groups, g, trial.chosen.scores, trial.labels);
      const {scores: theirs} = gatherSlice(groups, g, rival.scores, trial.labels);
      const improvement = pairedImprovement(gate.metric, ours, theirs, labels);
      return improvement === null ? [] : [{name: `${groups.feature} = ${value}`, improvement}];
    }),
  );
  if (tests.length === 0)
    return {
      passed: true,
      measured: null,
      required: gate.by,
      message: `No slice has ${gate.minRows} rows of both classes: nothing to compare.`,
    };
  const adjusted = benjaminiHochberg(tests.map(({improvement}) => pValueOfWorse(improvement, gate.by)));
  const failing = tests.filter(({improvement}, i) => -improvement.value > gate.by && adjusted[i]! <= SLICE_FDR);
  const worst = (failing.length > 0 ? failing : tests).reduce((a, b) =>
    b.improvement.value < a.improvement.value ? b : a,
  );
  const summary =
    failing.length === 0
      ? `None of ${tests.length} slices is worse than ${gate.rival} by more than ${gate.by} beyond chance`
      : `${failing.length} of ${tests.length} slices ${failing.length === 1 ? 'is' : 'are'} worse than ${gate.rival} by more than ${gate.by}`;
  return {
    passed: failing.length === 0,
    measured: -worst.improvement.value,
    required: gate.by,
    message: `${summary}; the worst is ${worst.name}, ${gate.metric} ${betterOrWorse(worst.improvement.value)}${interval(worst.improvement)}.`,
  };
}

/** One-sided: the chance of a difference this bad if the true one were exactly `by`. */
function pValueOfWorse({value, standardError}: Improvement, by: number): number {
  const excess = -value - by;
  if (standardError === 0) return excess > 0 ? 0 : 1;
  return normalCdf(-excess / standardError);
}

/** Null for an incumbent that does not exist. */
function findRival(name: Rival, rivals: readonly Contender[]): Contender | null {
  const rival = rivals.find(candidate => candidate.name === name);
  if (rival) return rival;
  if (name === 'incumbent') return null;
  const known = [...rivals.map(candidate => candidate.name), 'incumbent'];
  const near = nearest(name, known);
  throw new MillraceError('NAME_UNKNOWN', `A gate compares with '${name}', which is no baseline of this evaluation.`, {
    fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Take one of ${[...new Set(known)].join(', ')}.`,
  });
}

const noIncumbent = (required: number): Verdict => ({
  passed: true,
  measured: null,
  required,
  message: 'No incumbent: this is the first version, there is nothing to compare with.',
});

const undefinedMetric = (metric: MetricName, required: number): Verdict => ({
  passed: false,
  measured: null,
  required,
  message: `${metric} is undefined: the test split has one class only.`,
});

const figure = (value: number): string => value.toFixed(4);
const betterOrWorse = (value: number): string => `${figure(Math.abs(value))} ${value >= 0 ? 'better' : 'worse'}`;
const interval = (paired: Improvement | null): string =>
  paired === null ? '' : ` [${figure(paired.low)}, ${figure(paired.high)}]`;
