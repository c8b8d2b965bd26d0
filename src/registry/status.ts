/**
 * The life of a version as a state machine. A version enters as `registered` when it passed its gates and
 * as `rejected` when it did not. From then on a release plan moves it:
 *
 *   registered   may be tried in shadow, as a canary, or (the first of a model) become champion at once
 *   shadow       scores requests that another version answers; may become canary or champion
 *   canary       answers a share of the requests; may become champion
 *   champion     answers the rest; leaves only by being replaced, and is then retired
 *   retired      was champion; a rollback makes it champion again
 *   rejected     failed its gates, or left the plan without having been champion; final
 *
 * Status and plan agree: shadow, canary and champion are exactly the versions that the current plan names.
 */
import {MillraceError, type ModelVersion, type VersionStatus} from '../protocol/index.ts';

const ALLOWED: Readonly<Record<VersionStatus, readonly VersionStatus[]>> = {
  registered: ['shadow', 'canary', 'champion', 'rejected'],
  shadow: ['canary', 'champion', 'rejected'],
  canary: ['champion', 'rejected'],
  champion: ['retired'],
  retired: ['champion'],
  rejected: [],
};

/** Statuses that may follow `status`. */
export function nextStatuses(status: VersionStatus): readonly VersionStatus[] {
  return ALLOWED[status];
}

/** The version with its new status. Throws TRANSITION_INVALID, naming what is allowed. */
export function withStatus(version: ModelVersion, status: VersionStatus): ModelVersion {
  const allowed = ALLOWED[version.status];
  if (!allowed.includes(status))
    throw new MillraceError(
      'TRANSITION_INVALID',
      `Version ${version.version} of '${version.model}' is ${version.status} and cannot become ${status}; ${
        allowed.length === 0 ? 'nothing follows that.' : `it may become ${allowed.join(' or ')}.`
      }`,
      {fix: allowed.length === 0 ? 'Train and register another version.' : 'Choose one of these.'},
    );
  return {...version, status};
}

/** What becomes of a version that a new plan no longer names. */
export function statusOffPlan(status: VersionStatus): VersionStatus {
  return status === 'champion' ? 'retired' : 'rejected';
}
