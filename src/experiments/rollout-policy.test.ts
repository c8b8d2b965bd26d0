import {describe, expect, test} from 'vitest';
import {MillraceError} from '../protocol/index.ts';
import {describeRolloutPolicy, type RolloutPolicyOptions, rolloutPolicy} from './rollout-policy.ts';

const problems = (options: RolloutPolicyOptions): string[] => {
  try {
    rolloutPolicy(options);
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'DEFINITION_INVALID')
      return error.problems.map(({path, message}) => `${path}: ${message}`);
    throw error;
  }
  return [];
};

describe('a rollout policy', () => {
  test('prints itself in plain sentences', () => {
    const policy = rolloutPolicy({
      shadow: {for: '1d', minRows: 2_000},
      canary: {
        steps: [
          {share: 0.1, for: '1d'},
          {share: 0.5, for: '36h'},
        ],
        minRows: 200,
      },
      promoteIf: {metric: 'logLoss', notWorseBy: 0.002},
      rollbackIf: {errorsAbove: 0.02, latencyRatioAbove: 3},
      giveUpAfter: '21d',
    });
    expect(describeRolloutPolicy(policy)).toEqual([
      'A challenger first runs in shadow for 1 d and until 2000 of its predictions have labels.',
      'Then it answers 10 % of the requests as a canary for 1 d and until 200 of these answers have labels.',
      'Then it answers 50 % of the requests as a canary for 1 d 12 h and until 200 of these answers have labels.',
      'A stage ends only when the label windows of its predictions have closed.',
      "It is promoted after the last stage if its log loss on the same requests is no higher than the champion's and, with 95 % confidence at every look, less than 0.002 higher.",
      "It is rejected as soon as its log loss is, with the same confidence, more than 0.002 higher: on the same requests, or as a canary against the champion's answers.",
      "It is rejected if it fails on 2 % more of the requests than the champion, or its p99 latency is over 3 times the champion's.",
      'It is rejected as inconclusive 21 d after the start.',
    ]);
  });

  test('without a margin asks for a truly lower loss', () => {
    const sentences = describeRolloutPolicy(rolloutPolicy({shadow: {for: '1d'}, promoteIf: {metric: 'brier'}}));
    expect(sentences).toContain(
      "It is promoted after the last stage if its Brier score on the same requests is no higher than the champion's and, with 95 % confidence at every look, truly lower.",
    );
  });

  test('is frozen data', () => {
    const policy = rolloutPolicy({shadow: {for: '1d'}, canary: {steps: [{share: 0.1, for: '1d'}]}});
    for (const part of [
      policy,
      policy.shadow,
      policy.canary,
      policy.canary.steps,
      policy.canary.steps[0],
      policy.promoteIf,
    ])
      expect(Object.isFrozen(part)).toBe(true);
    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });

  test('names everything that is wrong at once', () => {
    expect(
      problems({
        shadow: {for: '1d', minRows: 10},
        canary: {
          steps: [
            {share: 0.5, for: '1d'},
            {share: 0.1, for: '1d'},
            {share: 1, for: '1d'},
          ],
        },
        promoteIf: {notWorseBy: -0.1},
        rollbackIf: {errorsAbove: 1, latencyRatioAbove: 0.5},
        giveUpAfter: '4d',
        alpha: 0.5,
      }),
    ).toEqual([
      'shadow.minRows: shadow.minRows is 10; limits mean nothing on fewer than 30 rows.',
      'canary.steps[1].share: Step 2 has share 0.1, and the step before 0.5; shares grow.',
      'canary.steps[2].share: The share of a canary lies between 0 and 1; 1 does not.',
      'promoteIf.notWorseBy: A margin of -0.1 is below 0.',
      'rollbackIf.errorsAbove: 1 is no share of failures to allow.',
      'rollbackIf.latencyRatioAbove: A ratio of 0.5 would reject a challenger that is faster.',
      'alpha: alpha is 0.5; it lies between 0 and 0.5.',
      'giveUpAfter: The stages take 4 d, but the rollout gives up after 4 d.',
    ]);
    expect(problems({shadow: {for: 'soon' as '1d'}})).toEqual(["shadow.for: 'soon' is not a duration."]);
  });
});
