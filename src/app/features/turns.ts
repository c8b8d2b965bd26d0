import {MillraceError} from '../../protocol/index.ts';

/** Lets a few pieces of work run at a time, some wait for their turn, and turns the others away. */
export class Turns {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /** Throws QUEUE_FULL, and what the work throws. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#most) this.#running++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#mostWaiting)
      throw new MillraceError('QUEUE_FULL', `${this.#waiting.length} questions about the past wait already.`, {
        fix: 'Ask again later, or for several entities at once.',
      });
    return new Promise(resolve => this.#waiting.push(resolve));
  }
}
