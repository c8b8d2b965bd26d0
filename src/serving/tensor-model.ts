/** What every model looks like to those who speak tensors: the Open Inference Protocol, MLflow's scoring, gRPC. */
import type {Tensor, TensorSpec} from '../protocol/index.ts';

export type InferRequest = {
  /** The caller's own id; answers repeat it. */
  readonly id?: string;
  readonly inputs: readonly Tensor[];
  /** Names of the outputs wanted; all where absent or empty. */
  readonly outputs?: readonly string[];
  /** The caller is gone: what has not begun need not. */
  readonly signal?: AbortSignal;
  /** The caller waits no longer than this (milliseconds); a model's own deadline may be shorter. */
  readonly timeoutMs?: number;
  /** 0 is the most urgent. */
  readonly priority?: number;
  /** The server has more to do than it can: a fallback level answers, where there is one. */
  readonly overloaded?: boolean;
};

export type InferAnswer = {
  readonly outputs: readonly Tensor[];
  /** Said beside the outputs, such as the level that served it. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
};

/** One version of a model, ready to answer. */
export interface TensorModel {
  readonly name: string;
  readonly version: string;
  /** `millrace` for built-in ones, `onnxruntime_onnx`. */
  readonly platform: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /**
   * Answers whole requests; the first dimension is that of the rows. Names, datatypes and shapes are checked here.
   * Throws REQUEST_INVALID with all problems, NOT_READY, QUEUE_FULL, DEADLINE_EXCEEDED.
   */
  infer(request: InferRequest): Promise<InferAnswer>;
}

export type RepositoryEntry = {
  readonly name: string;
  readonly version: string;
  readonly state: 'READY' | 'LOADING' | 'UNAVAILABLE';
  /** Why it is not ready; empty if it is. */
  readonly reason: string;
};

/** All models of a process by name and version. */
export interface ModelRepository {
  /** In the order of names and versions. */
  index(): readonly RepositoryEntry[];
  /** A model that can answer; the version in charge unless one is named. Throws MODEL_NOT_FOUND, VERSION_NOT_FOUND, NOT_READY. */
  model(name: string, version?: string): TensorModel;
  /** Versions of a model that can be asked for, oldest first. Throws MODEL_NOT_FOUND. */
  versions(name: string): readonly string[];
  /** Loads a model (again, from where it lies); if that fails the one that was loaded stays. `who`: for the record. Throws MODEL_NOT_FOUND, MODEL_INVALID. */
  load(name: string, who?: string): Promise<void>;
  /** Answers NOT_READY from the next request on; those that run are finished. Throws MODEL_NOT_FOUND. */
  unload(name: string, who?: string): Promise<void>;
}
