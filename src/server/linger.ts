// An answer to a request that is still arriving: who closes at once resets what is being sent, and the answer is lost.
import type {IncomingMessage, ServerResponse} from 'node:http';

/** What still arrives is read and thrown away for this long before the connection is closed (milliseconds). */
const LINGER_MS = 5_000;

/**
 * Sends the answer at once, but ends it, and with it the connection, when the request has arrived or five seconds are over
 * (RFC 9112, 9.6). To be called before the answer is written; the answer must say its length.
 */
export function lingerOnEnd(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  const end = response.end.bind(response) as (body?: unknown) => ServerResponse;
  response.end = (body?: unknown) => {
    if (request.complete || request.destroyed) return end(body);
    if (body === undefined || typeof body === 'function') response.flushHeaders();
    else response.write(body);
    const close = () => {
      clearTimeout(timer);
      end();
    };
    const timer = setTimeout(close, LINGER_MS);
    request.once('end', close).once('close', close).resume();
    return response;
  };
}
