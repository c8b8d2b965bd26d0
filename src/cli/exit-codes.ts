import {ClientError, type ClientErrorCode} from '../client/index.ts';
import {MillraceError} from '../protocol/index.ts';

/** What the exit code of `millrace` means. Scripts may rely on it. */
export const EXIT = Object.freeze({
  ok: 0,
  failed: 1,
  usage: 2,
  gatesFailed: 3,
  notFound: 4,
  busy: 5,
  /** `monitor report` found drift or broken data. */
  reportFailed: 6,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
});

/** The table as `--help` prints it. */
export const EXIT_HELP = `Exit codes:
  0    done
  1    failed
  2    the command line or a request is wrong
  3    a model did not pass its gates
  4    a project, file, model, version or stream was not found
  5    a port or data folder is in use, or a server does not answer
  6    a report found drift or broken data
  130  interrupted`;

const BY_CODE: Partial<Record<ClientErrorCode, number>> = {
  USAGE: EXIT.usage,
  REQUEST_INVALID: EXIT.usage,
  GATE_FAILED: EXIT.gatesFailed,
  PROJECT_NOT_FOUND: EXIT.notFound,
  SOURCE_NOT_FOUND: EXIT.notFound,
  MODEL_NOT_FOUND: EXIT.notFound,
  VERSION_NOT_FOUND: EXIT.notFound,
  RECORD_NOT_FOUND: EXIT.notFound,
  STREAM_UNKNOWN: EXIT.notFound,
  FEATURE_UNKNOWN: EXIT.notFound,
  NAME_UNKNOWN: EXIT.notFound,
  STORE_BUSY: EXIT.busy,
  PORT_IN_USE: EXIT.busy,
  STORE_UNAVAILABLE: EXIT.busy,
  QUEUE_FULL: EXIT.busy,
  NOT_READY: EXIT.busy,
  UNREACHABLE: EXIT.busy,
};

/** Ctrl-C, as the reason of an aborted signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  if (error instanceof MillraceError || error instanceof ClientError) return BY_CODE[error.code] ?? EXIT.failed;
  return EXIT.failed;
}
