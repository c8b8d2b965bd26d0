import type {InferAnswer, ModelRepository, TensorModel} from '../../app/index.ts';
import type {InferenceStatistics} from '../inference/inference-statistics.ts';
import {runInfer} from '../inference/run-infer.ts';
import {SignalledRequest} from '../inference/signalled-request.ts';
import {type InferCall, readInferRequest, writeInferFields, writeInferResponse} from './infer-messages.ts';
import type {Permit} from './service.ts';
import {readModelNamed} from './service-messages.ts';
import {embed, message, text} from './wire.ts';

/** The circumstances of a call. */
export type CallContext = {
  readonly permit: Permit;
  /** Aborts when the caller is gone or its deadline has passed; made when it is first asked for. */
  readonly signal: () => AbortSignal;
  /** What is left until the caller's deadline (ms); Infinity without one. */
  readonly remainingMs: () => number;
};

type Inferred = {readonly call: InferCall; readonly model: TensorModel; readonly answer: InferAnswer};

/** ModelInfer, once and in a stream. */
export class InferMethod {
  readonly #repository: () => ModelRepository;
  readonly #statistics: InferenceStatistics;

  constructor(repository: () => ModelRepository, statistics: InferenceStatistics) {
    this.#repository = repository;
    this.#statistics = statistics;
  }

  /** ModelInferRequest → ModelInferResponse. */
  async once(whole: Uint8Array, context: CallContext): Promise<Buffer> {
    const {call, model, answer} = await this.#infer(whole, context);
    return writeInferResponse(model, call, answer);
  }

  /** ModelInferRequest → ModelStreamInferResponse. */
  async streamed(whole: Uint8Array, context: CallContext): Promise<Buffer> {
    const {call, model, answer} = await this.#infer(whole, context);
    return message(writer => embed(writer, 2, inner => writeInferFields(inner, model, call, answer)));
  }

  async #infer(whole: Uint8Array, {permit, signal, remainingMs}: CallContext): Promise<Inferred> {
    // The first two fields are the model's name and version, here too: who may not ask is not read any further.
    await permit('predict', readModelNamed(whole).name);
    const call = readInferRequest(whole);
    const model = this.#repository().model(call.model, call.version === '' ? undefined : call.version);
    const timeoutMs = Math.min(call.timeoutMs ?? Number.POSITIVE_INFINITY, remainingMs());
    const fields = {
      inputs: call.inputs,
      outputs: call.outputs,
      ...(call.id === '' ? {} : {id: call.id}),
      ...(timeoutMs === Number.POSITIVE_INFINITY ? {} : {timeoutMs: Math.max(0, timeoutMs)}),
      ...(call.priority === undefined ? {} : {priority: call.priority}),
    };
    const request = new SignalledRequest(fields, signal);
    return {call, model, answer: await runInfer(model, request, this.#statistics)};
  }
}

/** ModelStreamInferResponse of a request that failed; the stream goes on. */
export const writeStreamError = (details: string): Buffer => message(writer => text(writer, 1, details));
