/** What a session thread and its owner say to each other. */
export type PackedTensor = {
  readonly name: string;
  /** As ONNX Runtime names it: float32, int64, string. */
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayBufferView<ArrayBuffer> | readonly string[];
};

export type SessionPort = {
  readonly name: string;
  /** Null: no tensor. */
  readonly type: string | null;
  /** A name, maybe empty, for a dimension of any size. */
  readonly shape: readonly (number | string)[];
};

export type SessionStart = {readonly model: SharedArrayBuffer};

export type SessionRequest = {readonly id: number; readonly inputs: readonly PackedTensor[]} | {readonly close: true};

export type SessionMessage =
  | {readonly ready: {readonly inputs: readonly SessionPort[]; readonly outputs: readonly SessionPort[]}}
  | {readonly refused: {readonly reason: string; readonly missing: boolean}}
  | {readonly id: number; readonly outputs: readonly PackedTensor[]}
  | {readonly id: number; readonly failed: string};
