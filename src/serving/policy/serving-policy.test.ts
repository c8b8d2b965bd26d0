import {describe, expect, test} from 'vitest';
import {featureSet} from '../../features/index.ts';
import {t} from '../../protocol/index.ts';
import {describeServing} from './describe-policy.ts';
import {fixedValue, lastPrediction, rule, type ServingPolicyInput, servingPolicy, simpler} from './serving-policy.ts';

const set = featureSet('asked', {request: {amount: t.number}, views: [], derive: x => ({twice: x.amount.times(2)})});

describe('a serving policy', () => {
  test('flags what training did not see and does nothing else unless told', () => {
    expect(describeServing(servingPolicy())).toEqual(['Inputs outside what training saw are flagged.']);
  });

  test('says its rules in words', () => {
    const policy = servingPolicy({
      deadline: '50ms',
      fallback: [simpler('small'), rule(set, x => x.twice.times(0.1)), lastPrediction({maxAge: '1d'}), fixedValue(0.2)],
      features: {staleAfter: '2h', mayMiss: 0.5},
      inputs: {outside: 'clip', margin: 0.1},
      sticky: {for: '1h', by: 'amount'},
      abstain: {below: 0.6},
      cache: {for: '5s'},
      hybrid: {times: 10, over: '7d', every: '1h'},
      log: {sample: 0.1},
    });
    expect(describeServing(policy)).toEqual([
      'An answer is due within 50 ms.',
      "If the model cannot answer: the simpler model 'small'; then the rule twice × 0.1; then the last answer to the same request, if it is at most 1 d old; then the value 0.2.",
      'A level that failed 5 of its last 20 calls is left alone for 10 s.',
      'Features older than 2 h are stale: the next level answers.',
      'At most 50 % of the features may be missing.',
      'Inputs outside what training saw are clipped, beyond a margin of 10 %.',
      'The same amount gets the same answer for 1 h, unless an input moves by more than 10 % of its range.',
      'Below a confidence of 0.6 people decide.',
      'Equal requests within 5.0 s get the same answer.',
      'Answers are made beforehand for requests asked at least 10 times within 7 d, the 10,000 most frequent of them, every 1 h; they are used until they are 2 h old.',
      '10 % of the predictions are logged.',
    ]);
  });

  test.each<[string, ServingPolicyInput, string]>([
    ['a share', {features: {mayMiss: 2}}, "'features.mayMiss' is 2; a share lies between 0 and 1."],
    [
      'a confidence',
      {abstain: {below: 0.4}},
      "'abstain.below' is 0.4; the confidence of a probability lies between 0.5 and 1.",
    ],
    [
      'an end that is no end',
      {fallback: [fixedValue(1), lastPrediction({maxAge: '1d'})]},
      'A fixed value always answers: what stands after it is never tried.',
    ],
    [
      'a rule by the name of another level',
      {fallback: [rule(set, x => x.twice, 'cached')]},
      "Another level is called 'cached'; answers, metrics and the log go by that name.",
    ],
    ['two rules of one name', {fallback: [rule(set, x => x.twice), rule(set, x => x.amount)]}, "is called 'rule'"],
    ['a rule called last', {fallback: [rule(set, x => x.twice, 'last')]}, "is called 'last'"],
    ['the same step twice', {fallback: [simpler('small'), simpler('small')]}, "is called 'simpler small'"],
    ['a value', {fallback: [fixedValue(Number.NaN)]}, 'The value is NaN; it must be finite.'],
    ['a breaker', {breaker: {failures: 9, of: 3}}, '9 failures cannot be counted in 3 calls.'],
    [
      'an age',
      {hybrid: {times: 1, over: '1d', every: '1h', maxAge: '1m'}},
      'Answers made beforehand must live as long as it takes until they are made again.',
    ],
  ])('refuses %s that cannot be', (_, input, message) => {
    expect(() => servingPolicy(input)).toThrow(
      expect.objectContaining({code: 'DEFINITION_INVALID', message: expect.stringContaining(message)}),
    );
  });
});
