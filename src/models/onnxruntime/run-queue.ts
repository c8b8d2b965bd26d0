import {MillraceError, type Tensor} from '../../protocol/index.ts';

/** A request that waits for its rows to be run. */
export type Waiting = {
  readonly inputs: readonly Tensor[];
  /** Rows, or 1 if it is run as a whole. */
  readonly rows: number;
  /** Requests of equal shape behind the first dimension may be run together. */
  readonly shape: string;
  readonly priority: number;
  readonly arrivedAt: number;
  /** Rows that have begun. */
  begun: number;
  /** Rows whose answer is there, by their place in `parts`. */
  answered: number;
  readonly parts: (readonly Tensor[])[];
  readonly resolve: (outputs: Tensor[]) => void;
  readonly reject: (error: unknown) => void;
  /** Answered, refused, or given up: what comes for it is dropped. */
  done: boolean;
};

/** Rows of a request that are run together with others. */
export type Piece = {readonly of: Waiting; readonly from: number; readonly count: number; readonly part: number};

/** Requests that wait, the most urgent first, then the first come. Bounded. */
export class RunQueue {
  readonly #limit: number;
  #waiting: Waiting[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#waiting.length;
  }

  get first(): Waiting | undefined {
    return this.#waiting[0];
  }

  /** `free`: it would not wait, so the bound does not count. Throws QUEUE_FULL, or turns away a less urgent one. */
  add(request: Waiting, free: boolean): void {
    if (!free && this.#waiting.length >= this.#limit) {
      const last = this.#waiting.at(-1);
      if (last === undefined || last.priority <= request.priority || last.begun > 0) throw full(this.#limit);
      this.drop(last);
      last.reject(full(this.#limit));
    }
    const at = this.#waiting.findLastIndex(({priority}) => priority <= request.priority);
    this.#waiting.splice(at + 1, 0, request);
  }

  drop(request: Waiting): void {
    this.#waiting = this.#waiting.filter(each => each !== request);
  }

  /** Rows that could be run together with the first request's. */
  rowsTogether(most: number): number {
    let rows = 0;
    for (const {shape, rows: all, begun} of this.#waiting) {
      if (shape === this.#waiting[0]!.shape) rows += all - begun;
      if (rows >= most) break;
    }
    return rows;
  }

  /** Takes up to `most` rows of requests of one shape. */
  take(most: number): Piece[] {
    const pieces: Piece[] = [];
    const shape = this.#waiting[0]?.shape;
    let rows = 0;
    for (const request of this.#waiting) {
      if (rows >= most) break;
      if (request.shape !== shape) continue;
      const count = Math.min(request.rows - request.begun, most - rows);
      pieces.push({of: request, from: request.begun, count, part: request.parts.length});
      request.parts.push([]);
      request.begun += count;
      rows += count;
    }
    this.#waiting = this.#waiting.filter(({begun, rows}) => begun < rows);
    return pieces;
  }

  /** Refuses all that wait. */
  clear(error: unknown): void {
    for (const request of this.#waiting.splice(0)) request.reject(error);
  }
}

function full(limit: number): MillraceError {
  return new MillraceError('QUEUE_FULL', `${limit} requests already wait for this model.`, {
    fix: 'Ask again later, or give the model a longer queue or more threads.',
  });
}
