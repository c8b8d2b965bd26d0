import {Interrupted} from './exit-codes.ts';

export type Interrupt = {
  readonly signal: AbortSignal;
  /** Takes the handlers away again. */
  dispose(): void;
};

/**
 * Turns the first SIGINT or SIGTERM into an aborted signal, so that stores are closed in order; a second one
 * ends the process at once.
 */
export function catchInterrupt(onFirst: () => void = () => {}): Interrupt {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    onFirst();
    controller.abort(new Interrupted('Interrupted.'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), {once: true});
  });
