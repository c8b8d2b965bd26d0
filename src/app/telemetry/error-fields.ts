/** What the log keeps of an error. */

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
    ...(stack === undefined ? {} : {stack}),
    ...(cause === undefined || at >= DEEPEST ? {} : {cause: errorFields(cause, at + 1)}),
  };
}
