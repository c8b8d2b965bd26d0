import type {ServerResponse} from 'node:http';
import type {InferRequest} from '../../app/index.ts';
import type {Tensor} from '../../protocol/index.ts';

/**
 * A request that came over HTTP. Its `signal` aborts if the client closes its connection before it has its answer. It is
 * made when it is first read, since it costs more than all else here and most models answer before anybody could hang
 * up; as a getter it is not among what a spread copies.
 */
export class HttpInferRequest implements InferRequest {
  readonly id?: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly string[];
  readonly timeoutMs?: number;
  readonly priority?: number;
  readonly #response: ServerResponse;
  #signal: AbortSignal | undefined;

  constructor(fields: Omit<InferRequest, 'signal'>, response: ServerResponse) {
    this.inputs = fields.inputs;
    this.outputs = fields.outputs ?? [];
    if (fields.id !== undefined) this.id = fields.id;
    if (fields.timeoutMs !== undefined) this.timeoutMs = fields.timeoutMs;
    if (fields.priority !== undefined) this.priority = fields.priority;
    this.#response = response;
  }

  get signal(): AbortSignal {
    this.#signal ??= hangUpSignal(this.#response);
    return this.#signal;
  }
}

function hangUpSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const abortIfGone = (): void => {
    if (!response.writableFinished) controller.abort();
  };
  if (response.destroyed) abortIfGone();
  else response.once('close', abortIfGone);
  return controller.signal;
}
