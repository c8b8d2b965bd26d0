/** Failures as gRPC says them: a code, a text, and for those that pass when to come again. */
import type {Metadata, ServiceError} from '@grpc/grpc-js';
import {type Log, RateLimited} from '../../app/index.ts';
import type {ErrorCode} from '../../protocol/index.ts';
import {isPassing, toMillrace} from '../errors.ts';
import {errorText} from '../inference/error-text.ts';

/** Numbers of https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const STATUS: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 3,
  DEADLINE_EXCEEDED: 4,
  MODEL_NOT_FOUND: 5,
  VERSION_NOT_FOUND: 5,
  FORBIDDEN: 7,
  QUEUE_FULL: 8,
  RATE_LIMITED: 8,
  REQUEST_TOO_LARGE: 8,
  MODEL_INVALID: 9,
  NOT_READY: 14,
  STORE_BUSY: 14,
  STORE_UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
};
const INTERNAL = 13;

/** Clients that retry by themselves wait so long (gRPC's A6). */
const PUSHBACK = 'grpc-retry-pushback-ms';

export type GrpcFailure = Pick<ServiceError, 'code' | 'details' | 'metadata'>;

/** `metadata` is empty, and gets what is to be said beside the code. A stack never leaves the process. */
export function grpcFailure(error: unknown, metadata: Metadata, log: Log): GrpcFailure {
  const known = toMillrace(error);
  if (known.code === 'INTERNAL') log.error({err: error}, 'A request over gRPC failed.');
  const waitMs = known instanceof RateLimited ? known.retryAfterSeconds * 1_000 : 1_000;
  if (isPassing(known)) metadata.set(PUSHBACK, String(waitMs));
  return {code: STATUS[known.code] ?? INTERNAL, details: trailer(errorText(known)), metadata};
}

/** Longer texts might not fit into the trailers that clients take (characters). */
const LONGEST = 2_000;

/** Trailers hold whole characters only. */
const trailer = (text: string): string => text.slice(0, LONGEST).replaceAll(/\p{Surrogate}/gu, '\uFFFD');
