/** A server of the one model, asked over HTTP. Add one to the list in `targets.ts`. */
export type ServingTarget = {
  readonly name: string;
  start(model: ServedModel): Promise<RunningTarget>;
};

export type RunningTarget = {
  /** Takes the POSTs. */
  readonly url: string;
  /** The request for one row of 28 numbers. */
  body(row: readonly number[]): string;
  /** The probability of label 1 in an answer; compared with LightGBM's own before anything is measured. */
  prediction(answer: unknown): number;
  /** The server's process, and its children; their CPU time and memory are reported. */
  readonly pid: number;
  /** Where a server can tell where its time goes: 'start-profile', and 'stop-profile' which answers `TopFunctions`. */
  ask?(message: string): Promise<unknown>;
  stop(): Promise<void>;
};

/** What `make_model.py` wrote. */
export type ServedModel = {
  readonly folder: string;
  readonly rows: readonly (readonly number[])[];
  /** LightGBM's own probability of label 1 for each row. */
  readonly expected: readonly number[];
};

export const FEATURES = 28;
