import {MillraceError} from '../protocol/index.ts';

/** RATE_LIMITED, and when to come again. */
export class RateLimited extends MillraceError {
  /** Whole seconds, at least 1: what Retry-After says. */
  readonly retryAfterSeconds: number;

  constructor(client: string, waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    super('RATE_LIMITED', `${client} sent more requests than it may.`, {
      fix: `Wait ${seconds} s, and send fewer a second; a key can have a rate of its own.`,
    });
    this.retryAfterSeconds = seconds;
  }
}
