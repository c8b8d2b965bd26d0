import {expect, test} from 'vitest';
import {inRange, nullShare} from '../../events/index.ts';
import type {QualityResult} from '../../protocol/index.ts';
import {describeMonitorPolicy} from '../policy/describe-policy.ts';
import {monitorPolicy} from '../policy/monitor-policy.ts';
import {windowWith} from '../testing/windows.ts';
import {served} from './definitions/quality-check.ts';
import {judgeQuality} from './judge-quality.ts';
import {qualityRules} from './quality-rule.ts';

const policy = monitorPolicy({
  quality: [inRange('fare', {min: 0}), served(nullShare('fare', {max: 0.1}), {severity: 'ticket'})],
});

/** A window of a hundred fares, so many of them negative or null. */
function day(negative: number, nulls: number, rows = 100): readonly QualityResult[] {
  const values = Array.from({length: rows}, (_, i) => (i < negative ? -1 : i < negative + nulls ? null : 1));
  return judgeQuality(policy.quality, [{name: 'fare', level: 'input', values}]);
}

const judge = (quality: readonly QualityResult[]) =>
  qualityRules({policy, windows: [{...windowWith({day: 0}), quality}]});
const states = (quality: readonly QualityResult[]) => judge(quality).map(({severity, state}) => `${severity} ${state}`);

test('the policy says what it does about each check', () => {
  expect(describeMonitorPolicy(policy)).toEqual(
    expect.arrayContaining([
      "Page when 'fare at least 0' does not hold in a window.",
      "Ticket when 'fare null in at most 10 % of rows' does not hold in a window.",
    ]),
  );
});

test('a broken contract pages, another check opens a ticket', () => {
  expect(states(day(1, 0))).toEqual(['page firing', 'ticket clear']);
  expect(states(day(0, 40))).toEqual(['page clear', 'ticket firing']);
});

test('the alert is about the check and says what, when, how much and what to do', () => {
  expect(judge(day(3, 0))[0]).toEqual({
    kind: 'quality',
    severity: 'page',
    subject: 'fare at least 0',
    state: 'firing',
    measured: 0.03,
    threshold: 0,
    title: 'Broken: fare at least 0',
    message:
      "'fare at least 0' does not hold on 1 April 2001. 3 of 100 rows (3 %) break it, such as -1; none may. Look at what callers send, or mend the check.",
    features: [{feature: 'fare', effect: 0.03, importance: 0, estimatedChange: null}],
  });
});

test('a share that is above its limit by what may be chance neither opens nor resolves', () => {
  expect(states(day(0, 14))).toEqual(['page clear', 'ticket unchanged']);
  expect(states(day(0, 10))).toEqual(['page clear', 'ticket clear']);
});

test('too few rows, and windows without results, change nothing', () => {
  expect(states(day(3, 0, 20))).toEqual(['page unchanged', 'ticket unchanged']);
  expect(states([])).toEqual([]);
  expect(qualityRules({policy, windows: [windowWith({day: 0})]})).toEqual([]);
});
