/** How long the steps of an answer took, for one who traces it. Milliseconds of a monotonic clock; sums over the rows of a request. */
export class StageTimes {
  /** When its first features were read; NaN while none were. */
  startedAt = Number.NaN;
  featuresMs = 0;
  /** From the request to the answer, features included. */
  answeredMs = 0;
  /** When all was answered and went to the log, and for how long. */
  loggedAt = Number.NaN;
  logMs = 0;
  rows = 0;

  /** Features were read from `from` until now. */
  readFeatures(from: number): void {
    this.featuresMs += performance.now() - from;
  }

  /** One answer, that took so long until now. */
  answered(ms: number): void {
    if (Number.isNaN(this.startedAt)) this.startedAt = performance.now() - ms;
    this.answeredMs += ms;
    this.rows++;
  }

  /** From here on answers are noted and logged. */
  logging(): void {
    this.loggedAt = performance.now();
  }

  logged(): void {
    this.logMs = performance.now() - this.loggedAt;
  }
}
