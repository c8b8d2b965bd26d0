import type {FastifyReply} from 'fastify';
import {type ErrorCode, MillraceError} from '../protocol/index.ts';
import {lingerOnEnd} from './linger.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  USAGE: 400,
  MODEL_NOT_FOUND: 404,
  VERSION_NOT_FOUND: 404,
  STREAM_UNKNOWN: 404,
  FEATURE_UNKNOWN: 404,
  NAME_UNKNOWN: 404,
  RECORD_NOT_FOUND: 404,
  ROUTE_NOT_FOUND: 404,
  STORE_CONFLICT: 409,
  REQUEST_TOO_LARGE: 413,
  CHECK_STOPPED: 422,
  MODEL_INVALID: 422,
  VALUE_OVERFLOW: 422,
  QUEUE_FULL: 429,
  RATE_LIMITED: 429,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_READY: 503,
  STORE_BUSY: 503,
  STORE_UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Those that are gone in a moment: clients that wait and ask again are answered. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['QUEUE_FULL', 'RATE_LIMITED', 'NOT_READY', 'STORE_UNAVAILABLE']);

/** What Fastify itself refuses, in our codes. */
const FASTIFY: Record<string, {readonly code: ErrorCode; readonly fix: string}> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {code: 'REQUEST_TOO_LARGE', fix: 'Send less than 4 MiB at a time: split the batch.'},
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {code: 'REQUEST_INVALID', fix: 'Send JSON with content-type: application/json.'},
  FST_ERR_CTP_EMPTY_JSON_BODY: {code: 'REQUEST_INVALID', fix: 'Send a JSON body.'},
  FST_ERR_CTP_INVALID_JSON_BODY: {code: 'REQUEST_INVALID', fix: 'Send valid JSON.'},
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {code: 'REQUEST_INVALID', fix: 'Send as many bytes as content-length says.'},
};

/** Any failure as an answer: JSON with code, message and what to do; a stack never leaves the process. */
export function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  const known = startErrorAnswer(error, reply);
  return reply.send(known.toJSON());
}

/** Sets the status and headers of the answer to a failure; the body is for the caller, whose protocol has its own. */
export function startErrorAnswer(error: unknown, reply: FastifyReply): MillraceError {
  const known = toMillrace(error);
  if (known.code === 'INTERNAL') reply.server.failures.error({err: error}, 'A request failed.');
  if (PASSING.has(known.code) && !reply.hasHeader('retry-after')) reply.header('retry-after', '1');
  if (known.code === 'REQUEST_TOO_LARGE') lingerOnEnd(reply.request.raw, reply.raw);
  reply.code(STATUS[known.code] ?? 500);
  return known;
}

/** The status of a failure, and whether the same request may succeed in a moment. */
export const statusOf = ({code}: MillraceError): {readonly status: number; readonly retryAfter: boolean} => ({
  status: STATUS[code] ?? 500,
  retryAfter: PASSING.has(code),
});

/** Whether the same request may succeed in a moment. */
export const isPassing = ({code}: MillraceError): boolean => PASSING.has(code);

export function toMillrace(error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const {code, message, statusCode = 500} = error as {code?: string; message?: string; statusCode?: number};
  const refused = code === undefined ? undefined : FASTIFY[code];
  if (refused)
    return new MillraceError(refused.code, message ?? 'The request was refused.', {cause: error, fix: refused.fix});
  if (error instanceof SyntaxError)
    return new MillraceError('REQUEST_INVALID', `The body is no JSON: ${error.message}`, {
      cause: error,
      fix: 'Send valid JSON.',
    });
  // The file server's own refusals: a path that leads out of its folder, or that is none.
  if (statusCode === 403 || statusCode === 404)
    return new MillraceError('ROUTE_NOT_FOUND', 'There is nothing at this path.', {cause: error});
  if (statusCode >= 400 && statusCode < 500)
    return new MillraceError('REQUEST_INVALID', `The request was refused: ${message}.`, {
      cause: error,
      fix: 'Mend its path or its headers.',
    });
  return new MillraceError('INTERNAL', 'Something failed inside the server.', {
    cause: error,
    fix: "Look at the server's own output, and report it.",
  });
}
