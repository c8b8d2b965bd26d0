import type {ServerResponse} from 'node:http';
import type {InferRequest} from '../../app/index.ts';

/**
 * The request with a `signal` that aborts if the client closes its connection before it has its answer. The signal is
 * made when it is first asked for: most requests are answered before anybody does.
 */
export function untilHangUp(request: Omit<InferRequest, 'signal'>, response: ServerResponse): InferRequest {
  let controller: AbortController | undefined;
  return {
    ...request,
    get signal() {
      controller ??= watch(response);
      return controller.signal;
    },
  };
}

function watch(response: ServerResponse): AbortController {
  const controller = new AbortController();
  const abortIfGone = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.destroyed) abortIfGone();
  else response.once('close', abortIfGone);
  return controller;
}
