import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {ReleaseArm} from '../protocol/index.ts';
import {armProblems, previousChampion, releasePlan} from './release-plan.ts';

const champion = (version: number, share = 1): ReleaseArm => ({version, role: 'champion', share});
const canary = (version: number, share: number): ReleaseArm => ({version, role: 'canary', share});
const shadow = (version: number): ReleaseArm => ({version, role: 'shadow', share: 0});
const messages = (arms: ReleaseArm[]) => armProblems(arms).map(problem => problem.message);
const plan = (arms: ReleaseArm[], revision = 1) =>
  releasePlan({model: 'late', revision, at: 0, reason: 'a reason', arms});

describe('a release plan', () => {
  test('takes one champion, at most one canary and any number of shadows', () => {
    expect(messages([champion(1)])).toEqual([]);
    expect(messages([champion(1, 0.9), canary(2, 0.1), shadow(3), shadow(4)])).toEqual([]);
  });

  test('says everything that is wrong at once', () => {
    expect(messages([canary(1, 0.4), canary(2, 0.4), {version: 2, role: 'shadow', share: 0.1}])).toEqual([
      'A plan has exactly one champion; this one has 0.',
      'A plan has at most one canary; this one has 2.',
      'Version 2 has two roles; give it one.',
      'A shadow answers nobody: its share is 0, not 0.1.',
      'The shares sum to 0.9; they must sum to 1.',
    ]);
    expect(messages([champion(1), champion(2, 0)])).toEqual(['A plan has exactly one champion; this one has 2.']);
  });

  test.each([Number.NaN, -0.1, 0, 1, 1.5])('refuses a canary with share %d', share => {
    expect(messages([champion(1, 1 - share), canary(2, share)])).toContain(
      `The share of a canary lies between 0 and 1; ${share} does not.`,
    );
    expect(() => plan([champion(1, 1 - share), canary(2, share)])).toThrow(
      expect.objectContaining({code: 'REQUEST_INVALID'}),
    );
  });

  test('accepts shares that sum to 1 only up to rounding', () => {
    fc.assert(
      fc.property(fc.double({min: 1e-6, max: 1 - 1e-6, noNaN: true}), share => {
        expect(messages([champion(1, 1 - share), canary(2, share)])).toEqual([]);
      }),
    );
  });

  test('orders its arms and names the salt after the canary, or the champion where there is none', () => {
    const {arms, salt} = plan([shadow(4), shadow(3), canary(2, 0.1), champion(1, 0.9)]);
    expect(arms.map(arm => arm.version)).toEqual([1, 2, 3, 4]);
    expect(salt).toBe('late/2');
    expect(plan([champion(1)]).salt).toBe('late/1');
  });

  test('keeps the salt while the share of a canary grows', () => {
    expect(plan([champion(1, 0.5), canary(2, 0.5)]).salt).toBe(plan([champion(1, 0.9), canary(2, 0.1)]).salt);
  });
});

describe('the previous champion', () => {
  const history = (...champions: number[]) => champions.map((version, i) => plan([champion(version)], i + 1));

  test('is the one that the present one replaced', () => {
    expect(previousChampion(history(1, 1, 2, 2))).toBe(1);
  });

  test('walks further back after a rollback and never returns to what was rolled back', () => {
    expect(previousChampion(history(1, 2, 3, 2))).toBe(1);
    expect(previousChampion(history(1, 2, 1))).toBeUndefined();
  });

  test('does not exist for the first champion or before any release', () => {
    expect(previousChampion(history(4))).toBeUndefined();
    expect(previousChampion([])).toBeUndefined();
  });
});
