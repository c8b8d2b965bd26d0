import type {IncomingHttpHeaders} from 'node:http';
import type {Attributes, Span, Tracer} from '@opentelemetry/api';
import type {BasicTracerProvider} from '@opentelemetry/sdk-trace-base';
import {StageTimes} from '../../../serving/index.ts';
import {parseTraceparent} from '../trace-context.ts';
import type {RequestTrace, SpanFields, Tracing} from '../tracing.ts';

type Api = typeof import('@opentelemetry/api');

const CLOSE_MS = 5_000;

/** Attributes by OpenTelemetry's conventions for HTTP servers; those of our own begin with `millrace.`. */
export class OtelTracing implements Tracing {
  readonly #api: Api;
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;

  constructor(api: Api, provider: BasicTracerProvider, tracer: Tracer) {
    this.#api = api;
    this.#provider = provider;
    this.#tracer = tracer;
  }

  begin(method: string, route: string, headers: IncomingHttpHeaders, arrivedAt: number): RequestTrace {
    const {SpanKind} = this.#api;
    const attributes = {'http.request.method': method, 'http.route': route};
    const options = {kind: SpanKind.SERVER, startTime: epochMs(arrivedAt), attributes};
    const span = this.#tracer.startSpan(`${method} ${route}`, options, this.#parent(headers));
    return new OtelTrace(this.#api, this.#tracer, span);
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    // What cannot be delivered was said in the log.
    await Promise.race([this.#provider.shutdown().catch(() => {}), late]);
    clearTimeout(timer);
  }

  /** The span of whoever asked, if they sent it. */
  #parent({traceparent, tracestate}: IncomingHttpHeaders) {
    const {ROOT_CONTEXT, trace, createTraceState} = this.#api;
    const caller = parseTraceparent(traceparent);
    if (caller === null) return ROOT_CONTEXT;
    const {traceId, spanId, sampled} = caller;
    const state = typeof tracestate === 'string' ? {traceState: createTraceState(tracestate)} : {};
    return trace.setSpanContext(ROOT_CONTEXT, {
      traceId,
      spanId,
      traceFlags: sampled ? 1 : 0,
      isRemote: true,
      ...state,
    });
  }
}

class OtelTrace implements RequestTrace {
  readonly stages: StageTimes | null;
  readonly #api: Api;
  readonly #tracer: Tracer;
  readonly #span: Span;

  constructor(api: Api, tracer: Tracer, span: Span) {
    this.#api = api;
    this.#tracer = tracer;
    this.#span = span;
    this.stages = span.isRecording() ? new StageTimes() : null;
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get spanId(): string {
    return this.#span.spanContext().spanId;
  }

  note(fields: SpanFields): void {
    this.#span.setAttributes(fields);
  }

  end(status: number): void {
    if (this.stages !== null && this.stages.rows > 0) this.#endStages(this.stages);
    this.#span.setAttribute('http.response.status_code', status);
    if (status >= 500) this.#span.setStatus({code: this.#api.SpanStatusCode.ERROR});
    this.#span.end();
  }

  #endStages({startedAt, featuresMs, answeredMs, loggedAt, logMs, rows}: StageTimes): void {
    const of = {'millrace.rows': rows};
    this.#stage('features', startedAt, featuresMs, of);
    this.#stage('model', startedAt + featuresMs, answeredMs - featuresMs, of);
    if (!Number.isNaN(loggedAt)) this.#stage('log', loggedAt, logMs, of);
  }

  #stage(name: string, from: number, ms: number, attributes: Attributes): void {
    const {ROOT_CONTEXT, trace} = this.#api;
    const under = trace.setSpan(ROOT_CONTEXT, this.#span);
    this.#tracer.startSpan(name, {startTime: epochMs(from), attributes}, under).end(epochMs(from + ms));
  }
}

/** Of a time by `performance.now()`. */
const epochMs = (at: number): number => performance.timeOrigin + at;
