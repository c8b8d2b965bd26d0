import {type ConsistencyRun, MillraceError, parseTime} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {ConsistencyRange, ConsistencyRuns} from './consistency-runs.ts';

/** Starts what a request asks for. Throws REQUEST_INVALID, and STORE_CONFLICT while a run is under way. */
export const startConsistency = (
  runs: ConsistencyRuns,
  definition: ModelDefinition,
  body: unknown,
): Promise<ConsistencyRun> => runs.start(definition, rangeOf(body));

function rangeOf(body: unknown): ConsistencyRange {
  const {sample, from, to} = (body ?? {}) as Record<string, unknown>;
  if (sample !== undefined && !(typeof sample === 'number' && sample > 0 && sample <= 1))
    throw new MillraceError('REQUEST_INVALID', `'sample' is ${JSON.stringify(sample)?.slice(0, 80)}.`, {
      fix: 'Give the share of keys, above 0 up to 1.',
    });
  const [start, end] = [timeOf('from', from), timeOf('to', to)];
  if (start !== undefined && end !== undefined && start >= end)
    throw new MillraceError('REQUEST_INVALID', "'from' does not lie before 'to'.", {fix: 'Give a time range.'});
  return {
    ...(sample === undefined ? {} : {sample: sample as number}),
    ...(start === undefined ? {} : {from: start}),
    ...(end === undefined ? {} : {to: end}),
  };
}

function timeOf(name: string, given: unknown): number | undefined {
  if (given === undefined || given === null) return undefined;
  const time = typeof given === 'string' ? parseTime(given) : given;
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  throw new MillraceError('REQUEST_INVALID', `'${name}' is ${JSON.stringify(given)?.slice(0, 80)}.`, {
    fix: 'Give an ISO 8601 time with its zone, or milliseconds.',
  });
}
