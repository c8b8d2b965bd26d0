/**
 * Which version answers a unit (a request, a user, a flight): a pure function of plan and unit. A unit is
 * hashed to a point in [0, 1); points below the canary's share are the canary's. While the salt stays, a
 * growing share therefore only adds units, and none ever leaves before the rollout ends.
 */
import {hashUnit} from '../math/index.ts';
import type {ReleasePlan} from '../protocol/index.ts';

export type Assignment = {
  readonly version: number;
  readonly role: 'champion' | 'canary';
  /** Probability with which a unit gets this arm: what off-policy estimates divide by. */
  readonly propensity: number;
};

/** Prepares a valid plan for the hot path: every unit of an arm gets the same frozen object. */
export function assigner({arms, salt}: ReleasePlan): (unit: string) => Assignment {
  const arm = (role: Assignment['role']): Assignment | undefined => {
    const found = arms.find(candidate => candidate.role === role);
    return found && Object.freeze({version: found.version, role, propensity: found.share});
  };
  const champion = arm('champion');
  if (!champion) throw new TypeError('A release plan without a champion cannot be valid.');
  const canary = arm('canary');
  if (!canary) return () => champion;
  return unit => (hashUnit(unit, salt) < canary.propensity ? canary : champion);
}

/** The arm of one unit. */
export function assign(plan: ReleasePlan, unit: string): Assignment {
  return assigner(plan)(unit);
}
