import {describe, expect, test} from 'vitest';
import type {VersionStatus} from '../protocol/index.ts';
import {candidate} from './candidate.fixture.ts';
import {nextStatuses, statusOffPlan, withStatus} from './status.ts';

const STATUSES: VersionStatus[] = ['registered', 'rejected', 'shadow', 'canary', 'champion', 'retired'];

const {bytes: _bytes, onnx: _onnx, ...record} = candidate();
const version = (status: VersionStatus) => ({
  ...record,
  version: 4,
  status,
  artifact: {
    name: 'm',
    bytes: 1,
    sha256: '',
    onnxName: null,
    onnxSha256: null,
    onnxMaxDifference: null,
    onnxRows: 0,
  },
});

describe('the status of a version', () => {
  test('moves along the allowed transitions and no others', () => {
    const allowed = STATUSES.flatMap(from =>
      STATUSES.filter(to => {
        try {
          return withStatus(version(from), to).status === to;
        } catch {
          return false;
        }
      }).map(to => `${from} → ${to}`),
    );
    expect(allowed).toEqual([
      'registered → rejected',
      'registered → shadow',
      'registered → canary',
      'registered → champion',
      'shadow → rejected',
      'shadow → canary',
      'shadow → champion',
      'canary → rejected',
      'canary → champion',
      'champion → retired',
      'retired → champion',
    ]);
  });

  test('names what is allowed when a move is not', () => {
    expect(() => withStatus(version('canary'), 'shadow')).toThrow(
      "Version 4 of 'late' is canary and cannot become shadow; it may become champion or rejected.",
    );
    expect(() => withStatus(version('rejected'), 'champion')).toThrow(
      expect.objectContaining({code: 'TRANSITION_INVALID', message: expect.stringContaining('nothing follows that')}),
    );
  });

  test('has an allowed way off the plan from every role on it', () => {
    for (const status of ['shadow', 'canary', 'champion'] as const)
      expect(nextStatuses(status)).toContain(statusOffPlan(status));
  });
});
