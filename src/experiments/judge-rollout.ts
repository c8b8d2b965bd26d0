/**
 * The verdict on a rollout: a pure function of its state and the time. Rules are tried in this order, and
 * the first that holds decides:
 *
 *   1. its requests fail more often than the champion's by too much, or it is too slow → reject
 *   2. its loss is shown higher by more than the margin, on the same requests
 *      or as a canary against the champion's answers                                   → reject
 *   3. the stage has run its time, its label windows have closed, it has enough rows:
 *        a further stage follows                                                       → advance
 *        it was the last, the estimate is at most 0 and the upper limit below the margin → promote
 *   4. the time for a verdict is over                                                  → reject as inconclusive
 *   5. otherwise                                                                       → continue
 *
 * "Shown" means by a confidence sequence, so looking after every window costs nothing: a challenger that
 * is truly worse by the margin is promoted with a probability of at most alpha (half of it, the sequence
 * being two-sided), however often one looks. The rows must be close to independent for that.
 */
import {confidenceSequence} from '../math/index.ts';
import {formatDuration, type ReleaseArm} from '../protocol/index.ts';
import {binnedAuc, type Limits, pairedLimits} from './evidence.ts';
import {advanceRollout, type Rollout, stageArms, type Traffic} from './rollout.ts';

export type Decision = {
  readonly decision: 'continue' | 'advance' | 'promote' | 'reject';
  /** In words, with the figures that decided. */
  readonly reason: string;
  readonly figures: {readonly [name: string]: number | string | null};
  /** The arms to release next; null when nothing changes. */
  readonly arms: readonly ReleaseArm[] | null;
};

/** Requests below this are too few to judge a share of failures. */
const MIN_TRAFFIC = 100;
/** The sequence is tightest at this many times the rows that a stage needs at least. */
const TUNED_FOR = 10;

export function judgeRollout(rollout: Rollout, now: number): Decision {
  const {challenger, champion, policy, startedAt, stage, stageStartedAt, maturedTo, stageRows} = rollout;
  const {shadow, canary, promoteIf, giveUpAfterMs, alpha} = policy;
  const margin = promoteIf.notWorseBy;
  const paired = pairedLimits(rollout.paired, alpha, TUNED_FOR * shadow.minRows);
  const figures = figuresOf(rollout, paired);
  const decide = (decision: Decision['decision'], reason: string, arms: Decision['arms'] = null): Decision => ({
    decision,
    reason,
    figures,
    arms,
  });
  const reject = (reason: string) => decide('reject', reason, [{version: champion, role: 'champion', share: 1}]);

  const broken = brokenGuard(rollout);
  if (broken !== null) return reject(broken);
  if (paired.rows >= shadow.minRows && paired.low > margin)
    return reject(`Shown worse on the same requests: ${inWords(rollout, paired)}.`);
  const arms = armLimits(rollout);
  if (arms !== null && arms.low > margin)
    return reject(`Shown worse as a canary against the champion's answers: ${inWords(rollout, arms)}.`);

  const {forMs, minRows} = stage === 0 ? shadow : {forMs: canary.steps[stage - 1]!.forMs, minRows: canary.minRows};
  const last = stage === canary.steps.length;
  const waiting =
    maturedTo < stageStartedAt + forMs
      ? `its labels are complete for ${formatDuration(maturedTo < stageStartedAt ? 0 : maturedTo - stageStartedAt)} of ${formatDuration(forMs)}`
      : stageRows < minRows
        ? `it has ${stageRows} of ${minRows} labelled rows`
        : null;
  if (waiting === null && !last)
    return decide(
      'advance',
      `Not shown worse in stage ${stage + 1} of ${canary.steps.length + 1}: ${inWords(rollout, paired)}.`,
      stageArms(advanceRollout(rollout, now)),
    );
  if (waiting === null && paired.rows >= shadow.minRows && paired.estimate <= 0 && paired.high < margin)
    return decide(
      'promote',
      `Shown ${margin === 0 ? 'better' : `less than ${margin} worse`} on the same requests: ${inWords(rollout, paired)}.`,
      [{version: challenger, role: 'champion', share: 1}],
    );
  if (now - startedAt >= giveUpAfterMs)
    return reject(
      `Inconclusive after ${formatDuration(now - startedAt)}: ${waiting ?? `the evidence decides neither way, ${inWords(rollout, paired)}`}.`,
    );
  return decide(
    'continue',
    `Stage ${stage + 1} of ${canary.steps.length + 1} goes on: ${waiting ?? `the evidence decides neither way yet, ${inWords(rollout, paired)}`}.`,
  );
}

/** Why the challenger may not go on serving, whatever its quality; null if nothing is wrong. */
function brokenGuard({traffic: {challenger, champion}, policy: {rollbackIf}}: Rollout): string | null {
  const {errorsAbove, latencyRatioAbove} = rollbackIf;
  const requests = challenger.predictions + challenger.errors;
  const failed = shareOfErrors(challenger);
  if (requests >= MIN_TRAFFIC && failed - shareOfErrors(champion) > errorsAbove)
    return `${percent(failed)} of its ${requests} requests failed, against ${percent(shareOfErrors(champion))} of the champion's; ${percent(errorsAbove)} more may.`;
  if (latencyRatioAbove === null || challenger.latencyP99Us === null || champion.latencyP99Us === null) return null;
  if (challenger.latencyP99Us <= latencyRatioAbove * champion.latencyP99Us) return null;
  return `Its p99 latency is ${Math.round(challenger.latencyP99Us)} µs, over ${latencyRatioAbove} times the champion's ${Math.round(champion.latencyP99Us)} µs.`;
}

const shareOfErrors = ({predictions, errors}: Traffic): number => (errors === 0 ? 0 : errors / (predictions + errors));

/** Limits from the answers of the two arms in this step; each step may err with its part of alpha. Null while they are few. */
function armLimits({answered: {challenger, champion}, policy: {canary, alpha}}: Rollout): Limits | null {
  if (Math.min(challenger.count, champion.count) < canary.minRows) return null;
  const tunedFor = 2 * TUNED_FOR * canary.minRows;
  const {difference, low, high} = confidenceSequence(champion, challenger, {
    alpha: alpha / canary.steps.length,
    tunedFor,
  });
  return {rows: challenger.count + champion.count, estimate: difference, low, high};
}

function figuresOf(rollout: Rollout, paired: Limits): Decision['figures'] {
  const {challenger, champion} = rollout.paired;
  const some = paired.rows > 0;
  return {
    stage: rollout.stage === 0 ? 'shadow' : `canary step ${rollout.stage}`,
    metric: rollout.policy.promoteIf.metric,
    pairedRows: paired.rows,
    stageRows: rollout.stageRows,
    challengerLoss: some ? challenger.loss.mean : null,
    championLoss: some ? champion.loss.mean : null,
    difference: some ? paired.estimate : null,
    differenceLow: Number.isFinite(paired.low) ? paired.low : null,
    differenceHigh: Number.isFinite(paired.high) ? paired.high : null,
    margin: rollout.policy.promoteIf.notWorseBy,
    challengerAuc: binnedAuc(challenger),
    championAuc: binnedAuc(champion),
    challengerErrors: rollout.traffic.challenger.errors,
  };
}

function inWords({policy}: Rollout, {rows, estimate, low, high}: Limits): string {
  if (rows === 0) return 'no request was scored by both';
  const loss = policy.promoteIf.metric === 'logLoss' ? 'log loss' : 'Brier score';
  const signed = (value: number) => `${value > 0 ? '+' : ''}${value.toFixed(5)}`;
  const limits = Number.isFinite(low) ? ` [${signed(low)}, ${signed(high)}]` : '';
  return `${loss} ${signed(estimate)}${limits} on ${rows.toLocaleString('en-US')} rows`;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
