/**
 * A retrain as a state machine over its record. Its outcome follows from the steps it takes:
 *
 *   training ─gates→ gated ─shadow→ shadow ─canary→ canary ─promotion→ promoted
 *       └──────────────┴───────────────┴───────────────┴────rejection→ rejected
 *
 *   training   fired; the version exists from `availableAt` on
 *   gated      trained and judged by its gates; passed, or about to be rejected
 *   shadow     the challenger scores what the champion answers (a policy without canary goes on to promotion)
 *   canary     the challenger answers a share
 *   promoted, rejected   final
 *
 * A step of the stage it is in already adds to the story and changes nothing else. Functions return a new
 * record and leave the old one as it was.
 */
import {
  MillraceError,
  type Retrain,
  type RetrainOutcome,
  type RetrainStep,
  type TriggerKind,
} from '../protocol/index.ts';
import type {RetrainPolicy} from './retrain-policy.ts';

type Stage = RetrainStep['stage'];

const STAGE: Readonly<Record<RetrainOutcome, Stage>> = {
  training: 'training',
  gated: 'gates',
  shadow: 'shadow',
  canary: 'canary',
  promoted: 'promotion',
  rejected: 'rejection',
};

const NEXT: Readonly<Record<RetrainOutcome, readonly RetrainOutcome[]>> = {
  training: ['gated', 'rejected'],
  gated: ['shadow', 'promoted', 'rejected'],
  shadow: ['canary', 'promoted', 'rejected'],
  canary: ['promoted', 'rejected'],
  promoted: [],
  rejected: [],
};

export type Start = {
  readonly id: string;
  readonly model: string;
  readonly trigger: {readonly kind: TriggerKind; readonly reason: string; readonly alertId: string | null};
  readonly firedAt: number;
  /** The champion of that moment. */
  readonly incumbent: number;
  /** What was measured when it fired. */
  readonly figures?: RetrainStep['figures'];
};

/** A fired trigger becomes a retrain in `training`. */
export function startRetrain(policy: RetrainPolicy, {figures = {}, ...start}: Start): Retrain {
  return {
    ...start,
    availableAt: start.firedAt + policy.takesMs,
    finishedAt: null,
    challenger: null,
    outcome: 'training',
    steps: [{at: start.firedAt, stage: 'trigger', message: start.trigger.reason, figures}],
  };
}

/** The record with the version that the training made. Throws TRANSITION_INVALID if it has one, or has finished. */
export function withChallenger(retrain: Retrain, version: number): Retrain {
  if (retrain.challenger !== null || retrain.finishedAt !== null)
    throw new MillraceError(
      'TRANSITION_INVALID',
      `Retrain ${retrain.id} is ${retrain.outcome} with challenger ${retrain.challenger ?? 'none'}; it cannot take version ${version}.`,
      {fix: 'Start another retrain for another challenger.'},
    );
  return {...retrain, challenger: version};
}

/** Adds what happened, and moves to the step's stage. Throws TRANSITION_INVALID, naming the stages that may follow. */
export function addStep(retrain: Retrain, step: RetrainStep): Retrain {
  const {id, outcome, steps, challenger} = retrain;
  const next = [outcome, ...NEXT[outcome]].find(to => STAGE[to] === step.stage);
  if (retrain.finishedAt !== null || next === undefined) {
    const stages = retrain.finishedAt === null ? [outcome, ...NEXT[outcome]].map(to => STAGE[to]) : [];
    throw new MillraceError(
      'TRANSITION_INVALID',
      `Retrain ${id} is ${outcome} and cannot take a step of ${step.stage}; ${
        stages.length === 0 ? 'it has finished.' : `what may come is ${stages.join(', ')}.`
      }`,
      {fix: stages.length === 0 ? 'Start another retrain.' : 'Take the stages in their order.'},
    );
  }
  if (challenger === null && (next === 'shadow' || next === 'canary' || next === 'promoted'))
    throw new MillraceError('TRANSITION_INVALID', `Retrain ${id} has no challenger that could be ${next}.`, {
      fix: 'Name the version that the training made first.',
    });
  const last = steps.at(-1)!.at;
  if (step.at < last)
    throw new MillraceError(
      'TRANSITION_INVALID',
      `Retrain ${id} had its last step at ${new Date(last).toISOString()}; a step of ${new Date(step.at).toISOString()} is before that.`,
      {fix: 'Give steps in the order of time.'},
    );
  const finished = NEXT[next].length === 0;
  return {...retrain, outcome: next, finishedAt: finished ? step.at : null, steps: [...steps, step]};
}

/** Promotes or rejects the challenger, which ends the retrain. */
export function finishRetrain(
  retrain: Retrain,
  outcome: 'promoted' | 'rejected',
  {
    at,
    message,
    figures = {},
  }: {readonly at: number; readonly message: string; readonly figures?: RetrainStep['figures']},
): Retrain {
  return addStep(retrain, {at, stage: STAGE[outcome], message, figures});
}
