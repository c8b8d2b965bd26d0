import type {DiagLogger} from '@opentelemetry/api';
import type {Log} from '../log.ts';

type Api = typeof import('@opentelemetry/api');

/** A collector that is away fails every few seconds: that is said once in so long (ms). */
const EVERY_MS = 60_000;

/** What the SDK complains of goes to the log. */
export function reportProblems({diag, DiagLogLevel}: Api, log: Log): void {
  let said = Number.NEGATIVE_INFINITY;
  const say = (message: string): void => {
    if (performance.now() - said < EVERY_MS) return;
    said = performance.now();
    log.warn({problem: message.slice(0, 500)}, 'Traces are not delivered.');
  };
  const nothing = (): void => {};
  const logger: DiagLogger = {error: say, warn: say, info: nothing, debug: nothing, verbose: nothing};
  diag.setLogger(logger, {logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true});
}
