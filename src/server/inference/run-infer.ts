import type {InferAnswer, InferRequest, TensorModel} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import type {InferenceStatistics} from './inference-statistics.ts';

/** Longest time that a timer of Node can wait (ms). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Has a model answer, counted, and for no longer than the request's `timeoutMs` even if the model heeds none. Throws what
 * the model throws, and DEADLINE_EXCEEDED.
 */
export async function runInfer(
  model: TensorModel,
  request: InferRequest,
  statistics: InferenceStatistics,
): Promise<InferAnswer> {
  const {timeoutMs} = request;
  const began = performance.now();
  let answered = false;
  try {
    const answer =
      timeoutMs === undefined || timeoutMs > LONGEST_TIMER_MS
        ? await model.infer(request)
        : await within(timeoutMs, request, limited => model.infer(limited));
    answered = true;
    return answer;
  } finally {
    const rows = request.inputs[0]?.shape[0] ?? 1;
    statistics.record(model.name, model.version, rows, performance.now() - began, answered);
  }
}

/** Tells the work to stop when time is up, and does not wait until it has. */
async function within<T>(
  timeoutMs: number,
  request: InferRequest,
  work: (limited: InferRequest) => Promise<T>,
): Promise<T> {
  const timeUp = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, timeUp.signal]) : timeUp.signal;
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new MillraceError('DEADLINE_EXCEEDED', `There was no answer within ${timeoutMs} ms.`, {
          fix: 'Give it more time, or ask for less.',
        }),
      );
      timeUp.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work({...request, signal}), expiry]);
  } finally {
    clearTimeout(timer);
  }
}
