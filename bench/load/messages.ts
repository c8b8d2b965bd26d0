// What the load generator is told, and the one line that it prints.

export type LoadPlan = {
  /** Where to POST. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** File of the request bodies, a JSON list of texts; taken in turn. */
  readonly bodies: string;
  readonly seconds: number;
  /** Kept open all the time. */
  readonly connections: number;
  /**
   * Null: each connection sends its next request when it has the answer to the last one (closed loop). A number: requests
   * become due at this mean rate whether or not earlier ones were answered, as those of many independent people do (open
   * loop: exponential gaps from a seed), and wait for a free connection if there is none.
   */
  readonly perSecond: number | null;
  readonly seed?: number;
};

/** Latencies in µs, from the moment a request was due (open loop) or sent (closed loop) to the last byte of its answer. */
export type Answers = {
  readonly count: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
  /** Head and body of the first such answer. */
  readonly first: string;
};

export type LoadReport = {
  /** Requests that became due in `seconds`, and those that were sent: fewer where no connection became free. */
  readonly due: number;
  readonly sent: number;
  readonly seconds: number;
  readonly byStatus: Readonly<Record<number, Answers>>;
  /** Connections that ended under a request, and requests that had no answer 10 s after the last was due. */
  readonly broken: number;
  readonly unanswered: number;
  /** p99 of the time by which the generator itself was late to see that a request was due: part of the latencies. */
  readonly lateP99Us: number;
};
