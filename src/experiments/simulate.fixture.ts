/** A made-up world in which rollouts run for tests: requests every half day, labels half a day later, all seeded. */
import type {MaturedRow} from '../logs/index.ts';
import {hashUnit, seededRandom} from '../math/index.ts';
import {type Decision, judgeRollout} from './judge-rollout.ts';
import {advanceRollout, observeMatured, type Rollout, stageArms, startRollout} from './rollout.ts';
import type {RolloutPolicy} from './rollout-policy.ts';

export const HALF_DAY = 43_200_000;

/** Scores of both versions for a request that is truly positive with probability `truth`. */
export type World = (truth: number, random: () => number) => {readonly challenger: number; readonly champion: number};

export type Outcome = {
  readonly rollout: Rollout;
  readonly decisions: readonly Decision[];
  readonly last: Decision;
  /** Half days until the verdict. */
  readonly ticks: number;
};

const clip = (p: number): number => Math.min(0.999, Math.max(0.001, p));

/** Both see the truth through noise of their own: on average neither is better. */
export const equal: World = (truth, random) => ({
  challenger: clip(truth + 0.1 * (random() - 0.5)),
  champion: clip(truth + 0.1 * (random() - 0.5)),
});

/** The challenger sees the truth, the champion only the average. */
export const better: World = truth => ({challenger: truth, champion: 0.275});
export const worse: World = truth => ({challenger: 0.275, champion: truth});

export function simulate(
  policy: RolloutPolicy,
  world: World,
  {seed, rowsPerTick, seen}: {seed: number; rowsPerTick: number; seen?: (rollout: Rollout, decision: Decision) => void},
): Outcome {
  const random = seededRandom(seed);
  const decisions: Decision[] = [];
  let rollout = startRollout(policy, {model: 'late', challenger: 2, champion: 1, at: 0});
  let pending: MaturedRow[] = [];
  for (let tick = 0; ; tick++) {
    const start = tick * HALF_DAY;
    const rows = Array.from({length: rowsPerTick}, (_, i) => {
      const at = start + Math.ceil(((i + 1) / rowsPerTick) * HALF_DAY);
      return rowOf(rollout, `${tick}-${i}`, at, world, random);
    });
    rollout = observeMatured(rollout, pending, start);
    pending = rows;
    const decision = judgeRollout(rollout, start + HALF_DAY);
    decisions.push(decision);
    seen?.(rollout, decision);
    if (decision.decision === 'advance') rollout = advanceRollout(rollout, start + HALF_DAY);
    else if (decision.decision !== 'continue') return {rollout, decisions, last: decision, ticks: tick + 1};
  }
}

function rowOf(rollout: Rollout, id: string, at: number, world: World, random: () => number): MaturedRow {
  const truth = 0.05 + 0.45 * random();
  const scores = world(truth, random);
  const share = stageArms(rollout).find(arm => arm.role === 'canary')?.share ?? 0;
  const canary = hashUnit(id, 'late/2') < share;
  const served = canary ? 'challenger' : 'champion';
  const other = canary ? 'champion' : 'challenger';
  return {
    id,
    at,
    version: rollout[served],
    role: canary ? 'canary' : 'champion',
    score: scores[served],
    shadows: [{version: rollout[other], score: scores[other]}],
    label: random() < truth ? 1 : 0,
    knownAt: at + 1,
  };
}
