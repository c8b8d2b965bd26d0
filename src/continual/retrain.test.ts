import {describe, expect, test} from 'vitest';
import type {Retrain, RetrainOutcome, RetrainStep} from '../protocol/index.ts';
import {addStep, finishRetrain, startRetrain, withChallenger} from './retrain.ts';
import {retrainPolicy} from './retrain-policy.ts';

const HOUR = 3_600_000;
const STAGES: RetrainStep['stage'][] = ['trigger', 'training', 'gates', 'shadow', 'canary', 'promotion', 'rejection'];

const started = () =>
  startRetrain(retrainPolicy({takes: '2h'}), {
    id: 'r1',
    model: 'late',
    trigger: {kind: 'performance', reason: 'AUC fell to 0.69', alertId: 'a1'},
    firedAt: 1_000,
    incumbent: 1,
    figures: {auc: 0.69},
  });

const step = (stage: RetrainStep['stage'], at = 2_000): RetrainStep => ({at, stage, message: stage, figures: {}});

const through = (...stages: RetrainStep['stage'][]): Retrain =>
  stages.reduce((retrain, stage) => addStep(retrain, step(stage)), withChallenger(started(), 2));

describe('a retrain', () => {
  test('starts in training, with its trigger as the first step, and its version exists later', () => {
    expect(started()).toEqual({
      id: 'r1',
      model: 'late',
      trigger: {kind: 'performance', reason: 'AUC fell to 0.69', alertId: 'a1'},
      firedAt: 1_000,
      availableAt: 1_000 + 2 * HOUR,
      finishedAt: null,
      incumbent: 1,
      challenger: null,
      outcome: 'training',
      steps: [{at: 1_000, stage: 'trigger', message: 'AUC fell to 0.69', figures: {auc: 0.69}}],
    });
  });

  test('takes the allowed steps from every state and no others', () => {
    const states: Record<RetrainOutcome, Retrain> = {
      training: through(),
      gated: through('gates'),
      shadow: through('gates', 'shadow'),
      canary: through('gates', 'shadow', 'canary'),
      promoted: through('gates', 'shadow', 'canary', 'promotion'),
      rejected: through('gates', 'rejection'),
    };
    const moves = Object.entries(states).map(([state, retrain]) => [
      state,
      STAGES.flatMap(stage => {
        try {
          return `${stage}→${addStep(retrain, step(stage)).outcome}`;
        } catch {
          return [];
        }
      }),
    ]);
    expect(Object.fromEntries(moves)).toEqual({
      training: ['training→training', 'gates→gated', 'rejection→rejected'],
      gated: ['gates→gated', 'shadow→shadow', 'promotion→promoted', 'rejection→rejected'],
      shadow: ['shadow→shadow', 'canary→canary', 'promotion→promoted', 'rejection→rejected'],
      canary: ['canary→canary', 'promotion→promoted', 'rejection→rejected'],
      promoted: [],
      rejected: [],
    });
  });

  test('names what may come when a step may not', () => {
    expect(() => addStep(through('gates'), step('canary'))).toThrow(
      'Retrain r1 is gated and cannot take a step of canary; what may come is gates, shadow, promotion, rejection.',
    );
    expect(() => addStep(through('rejection'), step('shadow'))).toThrow(
      expect.objectContaining({code: 'TRANSITION_INVALID', message: expect.stringContaining('it has finished')}),
    );
  });

  test('ends with its last step', () => {
    const promoted = finishRetrain(through('gates', 'shadow'), 'promoted', {at: 5_000, message: 'Shown better.'});
    expect(promoted).toMatchObject({outcome: 'promoted', finishedAt: 5_000});
    expect(promoted.steps.at(-1)).toEqual({at: 5_000, stage: 'promotion', message: 'Shown better.', figures: {}});
    expect(finishRetrain(started(), 'rejected', {at: 5_000, message: 'No data.'})).toMatchObject({
      outcome: 'rejected',
      finishedAt: 5_000,
      challenger: null,
    });
  });

  test('needs a challenger before one can be tried or promoted, and takes only one', () => {
    const gated = addStep(started(), step('gates'));
    expect(() => addStep(gated, step('shadow'))).toThrow('Retrain r1 has no challenger that could be shadow.');
    expect(() => withChallenger(withChallenger(gated, 2), 3)).toThrow(
      expect.objectContaining({code: 'TRANSITION_INVALID'}),
    );
  });

  test('goes forward in time only', () => {
    expect(() => addStep(started(), step('gates', 999))).toThrow('is before that');
    expect(addStep(started(), step('gates', 1_000)).outcome).toBe('gated');
  });

  test('leaves the record that it came from as it was', () => {
    const before = started();
    const text = JSON.stringify(before);
    finishRetrain(withChallenger(before, 2), 'rejected', {at: 5_000, message: 'Worse.'});
    expect(JSON.stringify(before)).toBe(text);
  });
});
