import type {ServerResponse} from 'node:http';
import type {InferRequest} from '../../app/index.ts';
import type {Tensor} from '../../protocol/index.ts';

/**
 * A request whose `signal` is made when it is first read: it costs more than all else here, and most models answer before
 * anybody could hang up. As a getter it is not among what a spread copies.
 */
export class SignalledRequest implements InferRequest {
  declare readonly id?: string;
  declare readonly timeoutMs?: number;
  declare readonly priority?: number;
  declare readonly overloaded?: boolean;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly string[];
  readonly #makeSignal: () => AbortSignal;
  #signal: AbortSignal | undefined;

  /** `makeSignal`: one that aborts when the caller is gone; it is asked once. */
  constructor(fields: Omit<InferRequest, 'signal'>, makeSignal: () => AbortSignal) {
    this.inputs = fields.inputs;
    this.outputs = fields.outputs ?? [];
    if (fields.id !== undefined) this.id = fields.id;
    if (fields.timeoutMs !== undefined) this.timeoutMs = fields.timeoutMs;
    if (fields.priority !== undefined) this.priority = fields.priority;
    if (fields.overloaded) this.overloaded = true;
    this.#makeSignal = makeSignal;
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#makeSignal();
    return this.#signal;
  }
}

/** Aborts if the client closes its connection before it has its answer. */
export function hangUpSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const abortIfGone = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.destroyed) abortIfGone();
  else response.once('close', abortIfGone);
  return controller.signal;
}
