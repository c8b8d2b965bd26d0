/**
 * A rollout as a state machine over plain JSON, so that it can be kept anywhere and continued:
 *
 *   shadow ─advance→ canary step 1 ─advance→ … ─advance→ last step ─promote→ (challenger is champion)
 *      └────────────────┴───────────reject────────────────────┴────────────→ (champion stays alone)
 *
 * Matured rows and traffic are observed; `judgeRollout` says what to do; whoever acts on `advance` calls
 * `advanceRollout`. All requests that both versions scored count as evidence, from the first to the last
 * stage: in shadow the challenger scores what the champion answers, as a canary each scores what the other
 * answers. Answers of the two arms of a canary are also compared with each other, which sees what pairing
 * cannot: an effect of the answer on the outcome.
 *
 * Functions return a new state and leave the old one as it was.
 */
import type {MaturedRow} from '../logs/index.ts';
import {emptySummary, type Summary, updateSummary} from '../math/index.ts';
import type {ReleaseArm} from '../protocol/index.ts';
import {copyEvidence, type Evidence, emptyEvidence, rowLoss, updateEvidence} from './evidence.ts';
import type {RolloutPolicy} from './rollout-policy.ts';

/** Requests of one version as counted by whoever serves it. */
export type Traffic = {
  readonly predictions: number;
  readonly errors: number;
  /** Of the latest stretch that was observed, microseconds; null while nothing was measured. */
  readonly latencyP99Us: number | null;
};

export type Rollout = {
  readonly model: string;
  readonly challenger: number;
  readonly champion: number;
  readonly policy: RolloutPolicy;
  readonly startedAt: number;
  /** 0 in shadow; 1, 2, … in the steps of the canary. */
  readonly stage: number;
  readonly stageStartedAt: number;
  /** The label windows of all predictions made up to then have closed, and their rows were observed (UTC ms). */
  readonly maturedTo: number;
  /** Labelled rows of this stage: that both scored in shadow, that the challenger answered as a canary. */
  readonly stageRows: number;
  readonly paired: Evidence;
  /** Losses of what the two arms answered in this step: over several, a change of the times would count as one of the versions. */
  readonly answered: {readonly challenger: Summary; readonly champion: Summary};
  readonly traffic: {readonly challenger: Traffic; readonly champion: Traffic};
};

export type RolloutStart = {
  readonly model: string;
  readonly challenger: number;
  readonly champion: number;
  readonly at: number;
};

/** A rollout at the beginning of its shadow stage. */
export function startRollout(policy: RolloutPolicy, {model, challenger, champion, at}: RolloutStart): Rollout {
  if (challenger === champion)
    throw new TypeError(`Version ${champion} of '${model}' cannot be rolled out against itself.`);
  const traffic = {predictions: 0, errors: 0, latencyP99Us: null};
  return {
    model,
    challenger,
    champion,
    policy,
    startedAt: at,
    stage: 0,
    stageStartedAt: at,
    maturedTo: at,
    stageRows: 0,
    paired: emptyEvidence(),
    answered: {challenger: emptySummary(), champion: emptySummary()},
    traffic: {challenger: traffic, champion: traffic},
  };
}

/** The arms that the present stage asks for. */
export function stageArms({challenger, champion, policy, stage}: Rollout): ReleaseArm[] {
  const step = policy.canary.steps[stage - 1];
  if (!step)
    return [
      {version: champion, role: 'champion', share: 1},
      {version: challenger, role: 'shadow', share: 0},
    ];
  return [
    {version: champion, role: 'champion', share: 1 - step.share},
    {version: challenger, role: 'canary', share: step.share},
  ];
}

/** The next stage, from `at` on. */
export function advanceRollout(rollout: Rollout, at: number): Rollout {
  if (rollout.stage >= rollout.policy.canary.steps.length)
    throw new TypeError(`The rollout of version ${rollout.challenger} is in its last stage.`);
  const answered = {challenger: emptySummary(), champion: emptySummary()};
  return {...rollout, stage: rollout.stage + 1, stageStartedAt: at, stageRows: 0, answered};
}

/**
 * Takes rows whose label windows have closed. Rows of predictions made up to the last `maturedTo` are passed over
 * (they were given before, or belong to the time before the rollout), so rows may be given again after a
 * restart; so are rows without a label. `maturedTo`: all rows up to and including it have now been given,
 * which after `LabelJoiner.mature(now)` is `now` less the label window.
 */
export function observeMatured(rollout: Rollout, rows: readonly MaturedRow[], maturedTo: number): Rollout {
  const {challenger, champion, policy, stage, stageStartedAt} = rollout;
  const loss = rowLoss(policy.promoteIf.metric);
  const paired = copyEvidence(rollout.paired);
  const answered = {challenger: {...rollout.answered.challenger}, champion: {...rollout.answered.champion}};
  let {stageRows} = rollout;
  for (const row of rows) {
    const {at, label} = row;
    if (label === null || at <= rollout.maturedTo) continue;
    const ours = scoreOf(row, challenger);
    const theirs = scoreOf(row, champion);
    if (ours !== undefined && theirs !== undefined) updateEvidence(paired, loss, ours, theirs, label);
    if (at < stageStartedAt) continue;
    if (stage === 0) {
      if (ours !== undefined && theirs !== undefined) stageRows++;
    } else if (row.version === challenger) {
      updateSummary(answered.challenger, loss(row.score, label));
      stageRows++;
    } else if (row.version === champion) updateSummary(answered.champion, loss(row.score, label));
  }
  return {...rollout, paired, answered, stageRows, maturedTo: Math.max(rollout.maturedTo, maturedTo)};
}

/** Adds counts of requests, and takes over the latest latencies. */
export function observeTraffic(rollout: Rollout, traffic: Rollout['traffic']): Rollout {
  const add = (before: Traffic, now: Traffic): Traffic => ({
    predictions: before.predictions + now.predictions,
    errors: before.errors + now.errors,
    latencyP99Us: now.latencyP99Us ?? before.latencyP99Us,
  });
  return {
    ...rollout,
    traffic: {
      challenger: add(rollout.traffic.challenger, traffic.challenger),
      champion: add(rollout.traffic.champion, traffic.champion),
    },
  };
}

function scoreOf({version, score, shadows}: MaturedRow, wanted: number): number | undefined {
  return version === wanted ? score : shadows.find(shadow => shadow.version === wanted)?.score;
}
