import type {ServerResponse} from 'node:http';

/**
 * Something with a `signal` that aborts if the client closes its connection before it has its answer. The signal is made
 * when it is first asked for: most requests are answered before anybody does.
 */
export class HangUp {
  readonly #response: ServerResponse;
  #controller: AbortController | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get gone(): boolean {
    return this.#response.destroyed && !this.#response.writableFinished;
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#watch();
    return this.#controller.signal;
  }

  #watch(): AbortController {
    const controller = new AbortController();
    if (this.gone) controller.abort();
    else
      this.#response.once('close', () => {
        if (!this.#response.writableFinished) controller.abort();
      });
    return controller;
  }
}
