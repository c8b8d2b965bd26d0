/** Turns requests for predictions away before they cost anything, when the server cannot keep up. */
import type {IncomingMessage, RequestListener, Server, ServerResponse} from 'node:http';
import {MillraceError} from '../protocol/index.ts';
import {type AdmissionControl, urgencyOf} from './admission.ts';
import {errorText} from './inference/error-text.ts';

const degraded = new WeakSet<IncomingMessage>();

/** Whether a request was taken on condition that a fallback level answers it. */
export const wasDegraded = (request: IncomingMessage): boolean => degraded.has(request);

const REFUSAL = new MillraceError('QUEUE_FULL', 'The server has more requests than it can answer.', {
  fix: 'Try again after the seconds that retry-after says.',
});
/** Before the router nobody knows which protocol is spoken: what each of them reads of an error is in it. */
const BODY = JSON.stringify({
  ...REFUSAL.toJSON(),
  error: errorText(REFUSAL),
  error_code: 'REQUEST_LIMIT_EXCEEDED',
});
const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(BODY),
  'retry-after': '1',
};

/** Paths that ask for predictions; health, metrics and the console are always answered. */
const isPrediction = ({method, url = ''}: IncomingMessage): boolean =>
  method === 'POST' &&
  (url.startsWith('/v1/models/') ||
    url.startsWith('/v2/models/') ||
    url.startsWith('/models/') ||
    url.startsWith('/invocations'));

/** The model that is asked; its name needs no escapes. */
const MODEL = /^(?:\/v[12])?\/models\/([\w.-]+)\//;

/** A listener that lets `handle` have what is admitted. It stands before the router: a refusal costs next to nothing. */
function shedding(
  control: AdmissionControl,
  handle: RequestListener,
  onRefused: (model: string) => void,
): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    if (!isPrediction(request)) return handle(request, response);
    const admission = control.admit(urgencyOf(request.headers.priority));
    if (admission === 'refuse') {
      response.writeHead(429, HEADERS).end(BODY);
      const model = MODEL.exec(request.url ?? '')?.[1];
      if (model !== undefined) onRefused(model);
      return undefined;
    }
    if (admission === 'degrade') degraded.add(request);
    return handle(request, response);
  };
}

/** Puts the control before the routes of a server. `onRefused`: told which model was asked of what was turned away. */
export function shedLoad(
  server: Server,
  control: AdmissionControl,
  onRefused: (model: string) => void = () => {},
): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  for (const listener of listeners) server.on('request', shedding(control, listener, onRefused));
}
