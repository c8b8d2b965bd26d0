import {createServer, type IncomingHttpHeaders, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {json} from 'node:stream/consumers';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openLog, openTracing, type Tracing} from '../../app/index.ts';
import {deploy, type SmallPlatform, smallPlatform} from '../testing/small-platform.ts';

type Value = {readonly stringValue?: string; readonly intValue?: number; readonly boolValue?: boolean};
type OtlpSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly {readonly key: string; readonly value: Value}[];
  readonly status: {readonly code?: number};
};
type ExportRequest = {
  readonly resourceSpans: readonly {
    readonly resource: {readonly attributes: readonly {readonly key: string; readonly value: Value}[]};
    readonly scopeSpans: readonly {readonly spans: readonly OtlpSpan[]}[];
  }[];
};

/** A collector: takes OTLP/HTTP in JSON, as the protocol has it at /v1/traces. */
class Collector {
  readonly requests: ExportRequest[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      if (request.method !== 'POST' || request.url !== '/v1/traces') return response.writeHead(404).end();
      this.headers.push(request.headers);
      this.requests.push((await json(request)) as ExportRequest);
      return response.writeHead(200, {'content-type': 'application/json'}).end('{}');
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get spans(): OtlpSpan[] {
    return this.requests.flatMap(({resourceSpans}) =>
      resourceSpans.flatMap(({scopeSpans}) => scopeSpans.flatMap(({spans}) => [...spans])),
    );
  }

  close(): void {
    this.#server.close();
  }
}

const valuesOf = (attributes: OtlpSpan['attributes']): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({key, value}) => [key, Object.values(value)[0]]));

const ASKED = {traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7'};
const traceparent = (flags: string) => `00-${ASKED.traceId}-${ASKED.spanId}-${flags}`;

const lines: string[] = [];
const log = openLog({format: 'json', level: 'info'}, {write: line => lines.push(line)});
const env = {...process.env};

/** The SDK reads the environment itself. */
async function tracingWith(variables: Record<string, string>): Promise<Tracing | null> {
  Object.assign(process.env, variables);
  try {
    return await openTracing({name: 'millrace', version: '1.2.3'}, log, process.env);
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
    Object.assign(process.env, env);
  }
}

describe('traces', () => {
  const collector = new Collector();
  let small: SmallPlatform;
  let tracing: Tracing;
  beforeAll(async () => {
    tracing = (await tracingWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=kitchens',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_SERVICE_NAME: 'couriers',
    }))!;
    small = await smallPlatform('couriers', {tracing, log});
    await deploy(small);
    await small.open();
  });
  afterAll(async () => {
    await small.close();
    collector.close();
  });

  const ask = (headers: Record<string, string>, instances: unknown[]) =>
    fetch(`${small.server.url}/v1/models/punctuality/predict`, {
      method: 'POST',
      headers: {'content-type': 'application/json', ...headers},
      body: JSON.stringify({instances}),
    });

  test('go from HTTP through features, model and log to a collector, as the trace of whoever asked', async () => {
    const near = {kitchen: 'k1', distance: 1};
    expect((await ask({traceparent: traceparent('01')}, [near])).status).toBe(200);
    expect((await ask({traceparent: traceparent('01'), origin: small.server.url}, [near, near])).status).toBe(200);
    expect((await ask({traceparent: traceparent('00')}, [near])).status).toBe(200);
    expect((await ask({}, [{kitchen: 'k1', distance: 'far'}])).status).toBe(400);
    expect((await fetch(`${small.server.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${small.server.url}/api/slos`)).status).toBe(200);
    await tracing.close();

    expect(collector.headers[0]).toMatchObject({'x-tenant': 'kitchens'});
    const resource = valuesOf(collector.requests[0]!.resourceSpans[0]!.resource.attributes);
    expect(resource).toMatchObject({
      'service.name': 'couriers',
      'service.version': '1.2.3',
      'deployment.environment.name': 'test',
    });

    const {spans} = collector;
    const roots = spans.filter(({kind}) => kind === 2);
    expect(roots.map(({name}) => name).sort()).toEqual([
      'GET /api/slos',
      'POST /v1/models/:model/predict',
      'POST /v1/models/:model/predict',
      'POST /v1/models/:model/predict',
    ]);
    const [lane, router] = roots.filter(({traceId}) => traceId === ASKED.traceId);
    for (const [root, rows] of [
      [lane!, 1],
      [router!, 2],
    ] as const) {
      expect(root.parentSpanId).toBe(ASKED.spanId);
      expect(valuesOf(root.attributes)).toMatchObject({
        'http.request.method': 'POST',
        'http.route': '/v1/models/:model/predict',
        'http.response.status_code': 200,
        'millrace.model': 'punctuality',
        'millrace.version': 1,
        'millrace.level': 'model',
      });
      const below = spans.filter(({parentSpanId}) => parentSpanId === root.spanId);
      expect(below.map(({name}) => name)).toEqual(['features', 'model', 'log']);
      let before = BigInt(root.startTimeUnixNano);
      for (const span of below) {
        expect(valuesOf(span.attributes)).toEqual({'millrace.rows': rows});
        expect(BigInt(span.startTimeUnixNano) >= before).toBe(true);
        expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true);
        expect(BigInt(span.endTimeUnixNano) <= BigInt(root.endTimeUnixNano)).toBe(true);
        before = BigInt(span.startTimeUnixNano);
      }
    }
    const wrong = roots.find(({traceId, name}) => traceId !== ASKED.traceId && name.startsWith('POST'))!;
    expect(valuesOf(wrong.attributes)).toMatchObject({'http.response.status_code': 400});
    expect(wrong.status.code ?? 0).toBe(0);
  });

  test('are named in the lines of the log', () => {
    const found = lines.map(line => JSON.parse(line)).filter(({message}) => message === 'request');
    const spans = new Map(collector.spans.map(span => [span.spanId, span.traceId]));
    const traced = found.filter(({status, route}) => status === 200 && route.includes('predict')).slice(0, 2);
    expect(traced).toHaveLength(2);
    for (const line of traced) expect(spans.get(line.span_id)).toBe(line.trace_id);
    // A caller that does not sample is followed, and its trace still named.
    expect(found.filter(({trace_id: id}) => id === ASKED.traceId)).toHaveLength(3);
  });

  test('are none without an endpoint, or where they are switched off', async () => {
    expect(await tracingWith({})).toBeNull();
    const endpoint = {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9'};
    expect(await tracingWith({...endpoint, OTEL_SDK_DISABLED: 'true'})).toBeNull();
    expect(await tracingWith({...endpoint, OTEL_TRACES_EXPORTER: 'none'})).toBeNull();
  });

  test('are sampled as OpenTelemetry is told to', async () => {
    const sampled = (await tracingWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    }))!;
    let recorded = 0;
    for (let i = 0; i < 400; i++) {
      const trace = sampled.begin('POST', '/', {}, performance.now());
      if (trace.stages !== null) recorded++;
    }
    expect(recorded).toBeGreaterThan(50);
    expect(recorded).toBeLessThan(150);
    await sampled.close();
  });

  test('of a collector that is away hold nobody up: they wait in a queue that has an end, and it is said once', async () => {
    lines.length = 0;
    const away = (await tracingWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '50',
    }))!;
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 20_000; i++) away.begin('POST', '/', {}, performance.now()).end(200);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100e6);
    const began = performance.now();
    await away.close();
    expect(performance.now() - began).toBeLessThan(6_000);
    const said = lines.map(line => JSON.parse(line)).filter(({message}) => message === 'Traces are not delivered.');
    expect(said).toHaveLength(1);
  });
});
