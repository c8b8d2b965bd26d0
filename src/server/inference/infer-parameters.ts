/** What the parameters of a request ask for, over HTTP and gRPC alike. */
import {MillraceError} from '../../protocol/index.ts';

/** Parameters by name; values as they came. */
export type Parameters = ReadonlyMap<string, unknown>;

/** What `InferRequest` takes of them. */
export type CallOptions = {readonly timeoutMs?: number; readonly priority?: number};

/** Parameters that would change the meaning of the answer, and are not offered; why, and what to do. */
const REFUSED: readonly (readonly [name: string, what: string, fix: string])[] = [
  ['sequence_id', 'Stateful sequences are not served', 'Send each request by itself, without sequence_id.'],
  ['shared_memory_region', 'Shared memory is not offered', 'Send the data in the request.'],
  ['classification', 'Classification is not offered', 'Take the whole output, and choose its largest elements.'],
];

/**
 * Reads `timeout` (microseconds; 0: none) and `priority` (1 is the most urgent; 0: the usual), and leaves out what no
 * model reads. Throws REQUEST_INVALID.
 */
export function callOptions(parameters: Parameters): CallOptions {
  if (parameters.size === 0) return {};
  refuseUnoffered(parameters);
  const timeout = wholeNumber(parameters, 'timeout');
  const priority = wholeNumber(parameters, 'priority');
  return {
    ...(timeout === undefined || timeout === 0 ? {} : {timeoutMs: timeout / 1_000}),
    ...(priority === undefined || priority === 0 ? {} : {priority: priority - 1}),
  };
}

/** Throws REQUEST_INVALID for parameters of a request, an input or an output that cannot be honoured. */
export function refuseUnoffered(parameters: Parameters): void {
  for (const [name, what, fix] of REFUSED) {
    const value = parameters.get(name);
    if (value !== undefined && value !== 0 && value !== '')
      throw new MillraceError('REQUEST_INVALID', `${what} (parameter '${name}').`, {fix});
  }
}

function wholeNumber(parameters: Parameters, name: string): number | undefined {
  const value = parameters.get(name);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new MillraceError('REQUEST_INVALID', `The parameter '${name}' is ${String(value).slice(0, 40)}.`, {
    fix: 'Give a whole number from 0 on.',
  });
}
