import type {Log} from './log.ts';
import {openOpenTelemetry, type ServiceName} from './opentelemetry/index.ts';
import type {Tracing} from './tracing.ts';

/** Traces where the environment names a collector, as OpenTelemetry's variables do; null: nowhere. Throws PACKAGE_MISSING. */
export function openTracing(
  service: ServiceName,
  log: Log,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Tracing | null> {
  return openOpenTelemetry(service, log, env);
}
