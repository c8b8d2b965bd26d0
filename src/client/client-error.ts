/** What every call of the client rejects with: the server's own error, or why no answer of it came. */
import type {ErrorCode, Problem} from '../protocol/index.ts';

/** The server's codes, and two of the client: no connection, and an answer that is not of this API. */
export type ClientErrorCode = ErrorCode | 'UNREACHABLE' | 'ANSWER_INVALID';

export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** What to do, in one imperative sentence. */
  readonly fix: string | undefined;
  readonly problems: readonly Problem[];

  constructor(
    code: ClientErrorCode,
    message: string,
    options: {status?: number; fix?: string; problems?: readonly Problem[]; cause?: unknown} = {},
  ) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause});
    this.code = code;
    this.status = options.status ?? null;
    this.fix = options.fix;
    this.problems = options.problems ?? [];
  }
}

/** The error that an answer with a failing status stands for. `body` is what the server sent, as text. */
export function errorFromAnswer(status: number, body: string, url: string): ClientError {
  const sent = parsed(body, status);
  if (sent === null)
    return new ClientError(
      'ANSWER_INVALID',
      `${url} answered ${status} with something else than an error of this API.`,
      {
        status,
        fix: 'Check that the address is that of a Millrace server, and no proxy stands in between.',
      },
    );
  return new ClientError(sent.code, sent.message, {
    status,
    ...(sent.fix === undefined ? {} : {fix: sent.fix}),
    ...(sent.problems === undefined ? {} : {problems: sent.problems}),
  });
}

type SentError = {code: ErrorCode; message: string; fix?: string; problems?: readonly Problem[]};

/** The Open Inference Protocol answers `{error: text}` without a code. */
const CODES: Partial<Record<number, ErrorCode>> = {
  400: 'REQUEST_INVALID',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'MODEL_NOT_FOUND',
  409: 'STORE_CONFLICT',
  422: 'MODEL_INVALID',
  429: 'RATE_LIMITED',
  503: 'NOT_READY',
};

function parsed(body: string, status: number): SentError | null {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return null;
    const {code, message, error} = value as {code?: unknown; message?: unknown; error?: unknown};
    if (typeof error === 'string') return {code: CODES[status] ?? 'INTERNAL', message: error};
    return typeof code === 'string' && typeof message === 'string' ? (value as SentError) : null;
  } catch {
    return null;
  }
}
