/** What requests tell of themselves, step by step, to whoever collects traces. */
import type {IncomingHttpHeaders} from 'node:http';
import type {StageTimes} from '../../serving/index.ts';

export type SpanFields = {readonly [name: string]: string | number | boolean};

/** The span of one request. */
export interface RequestTrace {
  readonly traceId: string;
  readonly spanId: string;
  /** Filled while the request is answered; null where nobody wants to know. */
  readonly stages: StageTimes | null;
  /** Says more of it. */
  note(fields: SpanFields): void;
  /** Ends the span now, with one below it for each stage. `status`: of HTTP. */
  end(status: number): void;
}

export interface Tracing {
  /** A request that arrived. `route`: as it is declared, so that there are few of them. `arrivedAt`: by `performance.now()`. */
  begin(method: string, route: string, headers: IncomingHttpHeaders, arrivedAt: number): RequestTrace;
  /** Sends what is left, for 5 s at most. */
  close(): Promise<void>;
}
