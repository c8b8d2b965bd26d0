/** How a challenger earns the champion's place: written down before it starts, and never changed by it. */
import {checkedDurationMs, type Duration, formatDuration, type Problem, requireValid} from '../protocol/index.ts';

export type CanaryStep = {readonly share: number; readonly forMs: number};

/** Frozen data; lengths of time in milliseconds. */
export type RolloutPolicy = {
  readonly kind: 'rolloutPolicy';
  readonly shadow: {readonly forMs: number; readonly minRows: number};
  /** `minRows`: labelled answers of the canary before a step can end. No steps: promotion straight from shadow. */
  readonly canary: {readonly steps: readonly CanaryStep[]; readonly minRows: number};
  /** Loss that is compared, and by how much the challenger's mean may at most be higher. */
  readonly promoteIf: {readonly metric: 'logLoss' | 'brier'; readonly notWorseBy: number};
  readonly rollbackIf: {
    /** Share of the challenger's requests that fail, less that of the champion's: a bad request fails with both. */
    readonly errorsAbove: number;
    /** p99 of its latency over the champion's; null: not judged. Wall clock, so a replay may decide otherwise elsewhere. */
    readonly latencyRatioAbove: number | null;
  };
  readonly giveUpAfterMs: number;
  /** Probability of a wrong verdict of the confidence sequence, over the whole rollout and all looks at it. */
  readonly alpha: number;
};

export type RolloutPolicyOptions = {
  readonly shadow: {readonly for: Duration; readonly minRows?: number};
  readonly canary?: {
    readonly steps: readonly {readonly share: number; readonly for: Duration}[];
    readonly minRows?: number;
  };
  readonly promoteIf?: {readonly metric?: 'logLoss' | 'brier'; readonly notWorseBy?: number};
  readonly rollbackIf?: {readonly errorsAbove?: number; readonly latencyRatioAbove?: number};
  /** 14 days unless told otherwise. */
  readonly giveUpAfter?: Duration;
  /** 0.05 unless told otherwise. */
  readonly alpha?: number;
};

/** Declares a policy. Throws DEFINITION_INVALID naming every problem at once. */
export function rolloutPolicy(options: RolloutPolicyOptions): RolloutPolicy {
  const {shadow, canary = {steps: []}, promoteIf = {}, rollbackIf = {}, giveUpAfter = '14d', alpha = 0.05} = options;
  const problems: Problem[] = [];
  const ms = (path: string, duration: Duration) => checkedDurationMs(duration, path, problems);
  const policy: RolloutPolicy = {
    kind: 'rolloutPolicy',
    shadow: Object.freeze({forMs: ms('shadow.for', shadow.for), minRows: shadow.minRows ?? 1_000}),
    canary: Object.freeze({
      steps: Object.freeze(
        canary.steps.map(({share, for: length}, i) =>
          Object.freeze({share, forMs: ms(`canary.steps[${i}].for`, length)}),
        ),
      ),
      minRows: canary.minRows ?? 100,
    }),
    promoteIf: Object.freeze({metric: promoteIf.metric ?? 'logLoss', notWorseBy: promoteIf.notWorseBy ?? 0}),
    rollbackIf: Object.freeze({
      errorsAbove: rollbackIf.errorsAbove ?? 0.01,
      latencyRatioAbove: rollbackIf.latencyRatioAbove ?? null,
    }),
    giveUpAfterMs: ms('giveUpAfter', giveUpAfter),
    alpha,
  };
  problems.push(...problemsOf(policy));
  requireValid('The rollout policy', problems);
  return Object.freeze(policy);
}

function problemsOf({shadow, canary, promoteIf, rollbackIf, giveUpAfterMs, alpha}: RolloutPolicy): Problem[] {
  const problems: Problem[] = [];
  const check = (holds: boolean, path: string, message: string) => {
    if (!holds) problems.push({path, message});
  };
  for (const [path, rows] of [
    ['shadow.minRows', shadow.minRows],
    ['canary.minRows', canary.minRows],
  ] as const)
    check(Number.isInteger(rows) && rows >= 30, path, `${path} is ${rows}; limits mean nothing on fewer than 30 rows.`);
  canary.steps.forEach(({share}, i) => {
    const path = `canary.steps[${i}].share`;
    check(share > 0 && share < 1, path, `The share of a canary lies between 0 and 1; ${share} does not.`);
    const before = canary.steps[i - 1]?.share ?? 0;
    check(!(share <= before), path, `Step ${i + 1} has share ${share}, and the step before ${before}; shares grow.`);
  });
  const {notWorseBy} = promoteIf;
  check(notWorseBy >= 0, 'promoteIf.notWorseBy', `A margin of ${notWorseBy} is below 0.`);
  const {errorsAbove, latencyRatioAbove} = rollbackIf;
  check(
    errorsAbove >= 0 && errorsAbove < 1,
    'rollbackIf.errorsAbove',
    `${errorsAbove} is no share of failures to allow.`,
  );
  check(
    latencyRatioAbove === null || latencyRatioAbove >= 1,
    'rollbackIf.latencyRatioAbove',
    `A ratio of ${latencyRatioAbove} would reject a challenger that is faster.`,
  );
  check(alpha > 0 && alpha < 0.5, 'alpha', `alpha is ${alpha}; it lies between 0 and 0.5.`);
  const stages = shadow.forMs + canary.steps.reduce((sum, step) => sum + step.forMs, 0);
  if (giveUpAfterMs <= stages)
    problems.push({
      path: 'giveUpAfter',
      message: `The stages take ${formatDuration(stages)}, but the rollout gives up after ${formatDuration(giveUpAfterMs)}.`,
      fix: 'Leave room for the stages and for the labels of the last one.',
    });
  return problems;
}

/** The policy in plain sentences, in the order in which it acts. */
export function describeRolloutPolicy(policy: RolloutPolicy): string[] {
  const {shadow, canary, promoteIf, rollbackIf, giveUpAfterMs, alpha} = policy;
  const loss = promoteIf.metric === 'logLoss' ? 'log loss' : 'Brier score';
  const sure = `${Number(((1 - alpha) * 100).toPrecision(6))} %`;
  const margin = promoteIf.notWorseBy;
  return [
    `A challenger first runs in shadow for ${formatDuration(shadow.forMs)} and until ${shadow.minRows} of its predictions have labels.`,
    ...canary.steps.map(
      ({share, forMs}) =>
        `Then it answers ${Number((share * 100).toPrecision(6))} % of the requests as a canary for ${formatDuration(forMs)} and until ${canary.minRows} of these answers have labels.`,
    ),
    'A stage ends only when the label windows of its predictions have closed.',
    `It is promoted after the last stage if its ${loss} on the same requests is no higher than the champion's and, with ${sure} confidence at every look, ${
      margin === 0 ? 'truly lower' : `less than ${margin} higher`
    }.`,
    `It is rejected as soon as its ${loss} is, with the same confidence, ${
      margin === 0 ? 'higher' : `more than ${margin} higher`
    }: on the same requests, or as a canary against the champion's answers.`,
    `It is rejected if it fails on ${Number((rollbackIf.errorsAbove * 100).toPrecision(6))} % more of the requests than the champion${
      rollbackIf.latencyRatioAbove === null
        ? ''
        : `, or its p99 latency is over ${rollbackIf.latencyRatioAbove} times the champion's`
    }.`,
    `It is rejected as inconclusive ${formatDuration(giveUpAfterMs)} after the start.`,
  ];
}
