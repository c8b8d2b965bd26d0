/**
 * The errors a caller may want to tell apart. A code never changes its meaning; the message may be
 * reworded at any time. Programming mistakes (a broken invariant) are plain `TypeError`s, not listed.
 */
export type ErrorCode =
  // definitions and the project file
  | 'PROJECT_NOT_FOUND'
  | 'PROJECT_FAILED'
  | 'PROJECT_INVALID'
  | 'DEFINITION_INVALID'
  | 'NAME_UNKNOWN'
  // data
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_SCHEMA'
  | 'SOURCE_UNAVAILABLE'
  | 'SOURCE_GAP'
  | 'CHECK_STOPPED'
  | 'STREAM_UNKNOWN'
  | 'FEATURE_UNKNOWN'
  | 'DATASET_EMPTY'
  | 'LEAKAGE'
  | 'VALUE_OVERFLOW'
  // stores
  | 'STORE_CLOSED'
  | 'STORE_CONFLICT'
  | 'STORE_CORRUPT'
  | 'STORE_BUSY'
  | 'STORE_FAILED'
  | 'STORE_UNAVAILABLE'
  | 'RECORD_NOT_FOUND'
  // models
  | 'TRAINING_FAILED'
  | 'MODEL_INVALID'
  | 'MODEL_NOT_FOUND'
  | 'VERSION_NOT_FOUND'
  | 'EXPORT_MISMATCH'
  | 'GATE_FAILED'
  | 'TRANSITION_INVALID'
  | 'PACKAGE_MISSING'
  // people
  | 'CHANNEL_UNAVAILABLE'
  // requests
  | 'REQUEST_INVALID'
  | 'REQUEST_TOO_LARGE'
  | 'ROUTE_NOT_FOUND'
  | 'NOT_READY'
  | 'QUEUE_FULL'
  | 'DEADLINE_EXCEEDED'
  | 'RATE_LIMITED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'PORT_IN_USE'
  | 'USAGE'
  | 'INTERNAL';

/** One thing wrong, where it is, and what would be right. `path` is a JSON-path-like place. */
export type Problem = {
  readonly path: string;
  readonly message: string;
  /** What to do about it, in one imperative sentence. */
  readonly fix?: string;
};

export type ErrorOptions = {
  readonly cause?: unknown;
  /** What the user should do, in one imperative sentence. */
  readonly fix?: string;
  /** All problems found at once, when there are several. */
  readonly problems?: readonly Problem[];
};

/** Every failure a user can meet: what happened, what was given, what is allowed, what to do. */
export class MillraceError extends Error {
  override readonly name = 'MillraceError';
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause});
    this.code = code;
    this.fix = options.fix;
    this.problems = options.problems ?? [];
  }

  /** The body of an HTTP error answer, and of `--json` failures. */
  toJSON(): {code: ErrorCode; message: string; fix?: string; problems?: readonly Problem[]} {
    return {
      code: this.code,
      message: this.message,
      ...(this.fix === undefined ? {} : {fix: this.fix}),
      ...(this.problems.length === 0 ? {} : {problems: this.problems}),
    };
  }
}

/** Throws DEFINITION_INVALID with all that is wrong with `what`, such as `Model 'lateness'`, if anything is. */
export function requireValid(what: string, problems: readonly Problem[]): void {
  if (problems.length > 0)
    throw new MillraceError(
      'DEFINITION_INVALID',
      `${what} is not valid: ${problems.map(({message}) => message).join(' ')}`,
      {problems},
    );
}

/** Names longer than this are no slip of the pen (characters); comparing them would take long. */
const LONGEST_NAME = 200;

/** Two near names, for "did you mean" hints; an empty list if nothing is close. */
export function nearest(name: string, allowed: readonly string[]): string[] {
  if (name.length > LONGEST_NAME) return [];
  return allowed
    .map(candidate => ({candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase())}))
    .filter(({candidate, distance}) => distance <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 2)
    .map(({candidate}) => candidate);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
