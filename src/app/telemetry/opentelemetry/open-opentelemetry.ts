/** Traces by OpenTelemetry's SDK, sent over OTLP/HTTP. Everything that its environment variables set is set by them. */
import {MillraceError} from '../../../protocol/index.ts';
import type {Log} from '../log.ts';
import type {Tracing} from '../tracing.ts';
import {OtelTracing} from './otel-tracing.ts';
import {reportProblems} from './report-problems.ts';

/** What goes with a span where nobody sets OTEL_SERVICE_NAME. */
export type ServiceName = {readonly name: string; readonly version: string};

/**
 * Null unless an endpoint is set (OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT), and where
 * OTEL_SDK_DISABLED or OTEL_TRACES_EXPORTER=none says so. Spans that a collector does not take wait, 2,048 at most
 * (OTEL_BSP_MAX_QUEUE_SIZE), and are dropped beyond. Throws PACKAGE_MISSING.
 */
export async function openOpenTelemetry(
  service: ServiceName,
  log: Log,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Tracing | null> {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return null;
  if (env.OTEL_TRACES_EXPORTER !== undefined && !/(^|,)\s*otlp\s*(,|$)/.test(env.OTEL_TRACES_EXPORTER || 'otlp'))
    return null;
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL || 'http/json';
  if (!protocol.startsWith('http/'))
    log.warn({protocol}, 'Traces are sent over HTTP as JSON: name the HTTP port of the collector.');
  const [api, sdk, {OTLPTraceExporter}, resources] = await load();
  reportProblems(api, log);
  const resource = resources
    .resourceFromAttributes({'service.name': service.name, 'service.version': service.version})
    .merge(resources.detectResources({detectors: [resources.envDetector]}));
  const provider = new sdk.BasicTracerProvider({
    resource,
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter())],
  });
  return new OtelTracing(api, provider, provider.getTracer(service.name, service.version));
}

async function load() {
  try {
    return await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  } catch (error) {
    throw new MillraceError('PACKAGE_MISSING', "Traces need OpenTelemetry's packages.", {
      cause: error,
      fix: 'Run: npm install @opentelemetry/api@1.9 @opentelemetry/sdk-trace-base@2 @opentelemetry/resources@2 @opentelemetry/exporter-trace-otlp-http@0.223, or unset OTEL_EXPORTER_OTLP_ENDPOINT.',
    });
  }
}
