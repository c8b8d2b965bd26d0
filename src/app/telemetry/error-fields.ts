/** What the log keeps of an error. */
import {MillraceError} from '../../protocol/index.ts';

type Fields = {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly fix?: string;
  readonly stack?: string;
  readonly cause?: Fields;
};

/** Causes of causes that are kept. */
const DEEPEST = 3;

const isNamed = (error: Error): boolean => error instanceof MillraceError && error.code !== 'INTERNAL';

export function errorFields(error: unknown, depth: unknown = 0): Fields {
  const at = typeof depth === 'number' ? depth : 0;
  if (!(error instanceof Error)) return {type: typeof error, message: String(error)};
  const {name, message, stack, cause} = error;
  const {code, fix} = error as {code?: unknown; fix?: unknown};
  return {
    type: name,
    ...(typeof code === 'string' ? {code} : {}),
    message,
    ...(typeof fix === 'string' ? {fix} : {}),
    // Where a named error was thrown helps nobody: it says itself what to do.
    ...(stack === undefined || isNamed(error) ? {} : {stack}),
    ...(cause === undefined || at >= DEEPEST ? {} : {cause: errorFields(cause, at + 1)}),
  };
}
