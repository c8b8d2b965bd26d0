import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {hashUnit} from '../math/index.ts';
import type {ReleasePlan} from '../protocol/index.ts';
import {assign, assigner} from './assign.ts';
import {releasePlan} from './release-plan.ts';

const rollout = (share: number, canary = 2): ReleasePlan =>
  releasePlan({
    model: 'late',
    revision: 1,
    at: 0,
    reason: 'test',
    arms: [
      {version: 1, role: 'champion', share: 1 - share},
      {version: canary, role: 'canary', share},
      {version: 9, role: 'shadow', share: 0},
    ],
  });

const canaryUnits = (plan: ReleasePlan, units: readonly string[]): Set<string> => {
  const arm = assigner(plan);
  return new Set(units.filter(unit => arm(unit).role === 'canary'));
};

/** Half-width that a binomial count of n trials leaves with probability below 1e-6 (normal approximation). */
const bound = (n: number, p: number): number => 4.9 * Math.sqrt(n * p * (1 - p));

const flights = Array.from({length: 20_000}, (_, i) => `ORD-${i}`);

describe('assignment', () => {
  test('gives everything to the champion when there is no canary', () => {
    const plan = releasePlan({
      model: 'late',
      revision: 1,
      at: 0,
      reason: 'first',
      arms: [{version: 3, role: 'champion', share: 1}],
    });
    expect(assign(plan, 'any')).toEqual({version: 3, role: 'champion', propensity: 1});
  });

  test('answers the example of the room page as it says', () => {
    expect(assign(rollout(0.1), 'ORD-20010501-17')).toEqual({version: 1, role: 'champion', propensity: 0.9});
  });

  test('never lets a shadow answer', () => {
    const arm = assigner(rollout(0.5));
    expect(new Set(flights.map(unit => arm(unit).version))).toEqual(new Set([1, 2]));
  });

  test('gives the canary its share, within binomial bounds', () => {
    fc.assert(
      fc.property(fc.double({min: 0.01, max: 0.99, noNaN: true}), fc.integer({min: 2, max: 5_000}), (share, canary) => {
        const n = canaryUnits(rollout(share, canary), flights).size;
        expect(Math.abs(n - share * flights.length)).toBeLessThan(bound(flights.length, share));
      }),
      {seed: 1, numRuns: 25},
    );
  });

  test('states the share of the arm as the propensity', () => {
    const arm = assigner(rollout(0.1));
    const assigned = flights.slice(0, 1_000).map(unit => arm(unit));
    for (const {role, propensity} of assigned) expect(propensity).toBe(role === 'canary' ? 0.1 : 0.9);
    expect(new Set(assigned.map(a => a.role)).size).toBe(2);
  });

  test('answers the same for the same unit, prepared or not', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({min: 0.01, max: 0.99, noNaN: true}), (unit, share) => {
        expect(assign(rollout(share), unit)).toEqual(assigner(rollout(share))(unit));
      }),
      {seed: 2},
    );
  });

  test('keeps the units of a canary while its share grows', () => {
    fc.assert(
      fc.property(
        fc.double({min: 0.01, max: 0.99, noNaN: true}),
        fc.double({min: 0.01, max: 0.99, noNaN: true}),
        (a, b) => {
          const few = canaryUnits(rollout(Math.min(a, b)), flights.slice(0, 2_000));
          const many = canaryUnits(rollout(Math.max(a, b)), flights.slice(0, 2_000));
          expect([...few].filter(unit => !many.has(unit))).toEqual([]);
        },
      ),
      {seed: 3, numRuns: 30},
    );
  });

  test('draws the units of the next canary independently of the last', () => {
    const first = canaryUnits(rollout(0.3, 2), flights);
    const both = [...canaryUnits(rollout(0.3, 3), flights)].filter(unit => first.has(unit)).length;
    expect(Math.abs(both - 0.09 * flights.length)).toBeLessThan(bound(flights.length, 0.09));
  });

  test('is the hash of unit and salt, so that it can be repeated anywhere', () => {
    const plan = rollout(0.25, 7);
    expect(plan.salt).toBe('late/7');
    for (const unit of flights.slice(0, 500))
      expect(assign(plan, unit).role).toBe(hashUnit(unit, 'late/7') < 0.25 ? 'canary' : 'champion');
  });
});
