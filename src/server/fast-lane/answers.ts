/** Answers written without a router: the same status, headers and bodies. */
import type {ServerResponse} from 'node:http';
import type {Log} from '../../app/index.ts';
import {statusOf, toMillrace} from '../errors.ts';
import {errorText} from '../inference/error-text.ts';
import type {Made} from './answer-predict.ts';
import type {Call} from './fast-lane.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const ALWAYS = ['x-content-type-options', 'nosniff', 'referrer-policy', 'no-referrer'] as const;

/** `last`: the connection ends after it. */
export function send(
  response: ServerResponse,
  status: number,
  {body, type = JSON_TYPE, more}: Made,
  last: boolean,
): void {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const headers = ['content-type', type, 'content-length', String(length), ...ALWAYS];
  if (more) headers.push(...more);
  if (last) headers.push('connection', 'close');
  response.writeHead(status, headers);
  response.end(body);
}

/** A failure in the shape of the protocol that was spoken; returns the status. */
export function sendFailure(
  {target: {protocol}, response}: Pick<Call, 'target' | 'response'>,
  error: unknown,
  log: Log,
  last: boolean,
): number {
  const known = toMillrace(error);
  if (known.code === 'INTERNAL') log.error({err: error}, 'A request failed.');
  const {status, retryAfter} = statusOf(known);
  const body = JSON.stringify(protocol === 'v1' ? known.toJSON() : {error: errorText(known)});
  send(response, status, {body, ...(retryAfter ? {more: ['retry-after', '1']} : {})}, last);
  return status;
}
