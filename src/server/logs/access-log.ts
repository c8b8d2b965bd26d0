import type {IncomingHttpHeaders} from 'node:http';
import {type Log, type LogLevel, parseTraceparent, type RequestTrace} from '../../app/index.ts';

/** A request that was answered. */
export type AnsweredHttp = {
  readonly method: string;
  /** As it is declared: paths hold names, and queries may hold more. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  readonly headers: IncomingHttpHeaders;
  /** The model that was asked, if one was. */
  readonly model: string | undefined;
  readonly trace: RequestTrace | null;
};

/** Lines a second of requests that went well or were wrong, and as many again of those that failed here. */
const MOST_LINES = 20;
const SECOND_MS = 1_000;

/** Asked for all the time by machines: of no interest while they are answered. */
const ROUTINE = /^\/((v2\/)?health(\/|$)|metrics$|api\/live$|ping$|\*$|$)/;

const REQUEST_ID = /^[\w.:/+=-]{1,100}$/;

/**
 * A line for each request, without anything of its body or its answer: at level `info`, `warn` where the server could not
 * answer, `error` where it failed. No more than so many a second; what was left out is counted in the next line.
 */
export class AccessLog {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #room = {well: new Room(), failed: new Room()};
  #requests = 0;

  /** `now`: monotonic, milliseconds. */
  constructor(log: Log, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  note(answered: AnsweredHttp): void {
    this.#requests++;
    const {status, route} = answered;
    const level = levelOf(status, route);
    if (!this.#log.isLevelEnabled(level)) return;
    const room = status >= 500 ? this.#room.failed : this.#room.well;
    const leftOut = room.take(this.#now());
    if (leftOut !== null) this.#write(level, answered, leftOut);
  }

  #write(
    level: LogLevel,
    {method, route, status, seconds, headers, model, trace}: AnsweredHttp,
    leftOut: number,
  ): void {
    const given = headers['x-request-id'];
    const caller = trace === null ? parseTraceparent(headers.traceparent) : null;
    const fields = {
      method,
      route,
      status,
      ms: Math.round(seconds * 1e6) / 1e3,
      ...(model === undefined ? {} : {model: model.slice(0, 100)}),
      request_id:
        typeof given === 'string' && REQUEST_ID.test(given)
          ? given
          : `${process.pid.toString(36)}-${this.#requests.toString(36)}`,
      ...(trace === null ? {} : {trace_id: trace.traceId, span_id: trace.spanId}),
      ...(caller === null ? {} : {trace_id: caller.traceId, parent_span_id: caller.spanId}),
      ...(leftOut === 0 ? {} : {left_out: leftOut}),
    };
    this.#log[level](fields, 'request');
  }
}

function levelOf(status: number, route: string): LogLevel {
  if (status >= 500) return status === 500 ? 'error' : 'warn';
  return ROUTINE.test(route) ? 'debug' : 'info';
}

/** So many lines in a second. */
class Room {
  #second = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #leftOut = 0;

  /** How many were left out since the last line; null: this one is too. */
  take(now: number): number | null {
    if (now - this.#second >= SECOND_MS) {
      this.#second = now;
      this.#lines = 0;
    }
    if (this.#lines >= MOST_LINES) {
      this.#leftOut++;
      return null;
    }
    this.#lines++;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut;
  }
}
