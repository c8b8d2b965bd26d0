// What callers of a pool are told.
import {MillraceError} from '../../protocol/index.ts';
import {RunFailed, ThreadEnded} from './session-thread.ts';

/** A failure of a thread in words for whoever asked. */
export function reasonOf(error: unknown): unknown {
  if (error instanceof RunFailed)
    return new MillraceError('REQUEST_INVALID', `ONNX Runtime could not evaluate the request: ${error.message}`, {
      cause: error,
      fix: 'Send values and sizes that the model can take.',
    });
  if (error instanceof ThreadEnded)
    return new MillraceError('INTERNAL', `The thread that evaluated the request ended: ${error.message}.`, {
      cause: error,
      fix: 'Ask again: the thread is replaced. If it happens again, the model needs more memory than there is.',
    });
  return error;
}

export function empty(): MillraceError {
  return new MillraceError('REQUEST_INVALID', 'A tensor without elements has no answer.', {
    fix: 'Send at least one row.',
  });
}

export function late(timeoutMs: number): MillraceError {
  return new MillraceError('DEADLINE_EXCEEDED', `The model did not answer within ${timeoutMs} ms.`, {
    fix: 'Allow more time, send fewer rows, or give the model more threads.',
  });
}

export function notReady(reason: string, cause?: unknown): MillraceError {
  return new MillraceError('NOT_READY', `The model does not answer: ${reason}.`, {cause, fix: 'Load it again.'});
}
