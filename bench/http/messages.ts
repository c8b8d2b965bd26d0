// What the benchmark and its two child processes tell each other, as JSON files and IPC messages.

export type ServerKind = 'bare' | 'fastify' | 'millrace';

/** First argument of the server process. */
export type ServeOptions = {
  readonly kind: ServerKind;
  /** What the servers that do nothing answer: an answer of the one that does. */
  readonly answer: string;
  readonly folder: string;
  readonly source: string;
  /** Its clock starts here and runs on at the pace of the wall's. */
  readonly now: number;
  /** File of the request bodies, a JSON list. */
  readonly bodies: string;
};

export type ServerAnswer =
  | {readonly type: 'listening'; readonly url: string}
  | {readonly type: 'cpu'; readonly cpuSeconds: number}
  | {readonly type: 'in-process'; readonly amount: number; readonly seconds: number; readonly cpuSeconds: number}
  | {readonly type: 'profile'; readonly top: readonly (readonly [name: string, share: number])[]};

export type ServerRequest = {readonly type: 'cpu' | 'in-process' | 'start-profile' | 'stop-profile' | 'stop'};

/** First argument of the load generator, and the line that it prints. */
export type LoadOptions = {
  readonly url: string;
  readonly bodies: string;
  readonly connections: number;
  readonly seconds: number;
};
export type LoadResult = {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly failures: number;
};
