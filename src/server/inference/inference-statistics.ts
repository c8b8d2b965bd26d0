import type {Clock} from '../../protocol/index.ts';

/** Calls and the time they took together. */
export type CallTime = {readonly count: number; readonly ns: number};

export type ModelStatistics = {
  readonly name: string;
  readonly version: string;
  /** When the newest call ended, UTC milliseconds; 0 if there was none. */
  readonly lastInference: number;
  /** Rows that were answered. */
  readonly inferenceCount: number;
  readonly success: CallTime;
  readonly fail: CallTime;
};

type Tally = {lastInference: number; rows: number; count: number; ns: number; failed: number; failedNs: number};

const NOTHING: Tally = {lastInference: 0, rows: 0, count: 0, ns: 0, failed: 0, failedNs: 0};

/** What each version has answered over the protocols of tensors since the process began. */
export class InferenceStatistics {
  readonly #clock: Clock;
  readonly #tallies = new Map<string, Tally>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One call to a model that exists: `rows` asked for, `ms` until it was answered or had failed. */
  record(name: string, version: string, rows: number, ms: number, answered: boolean): void {
    const key = keyOf(name, version);
    const tally = this.#tallies.get(key) ?? {...NOTHING};
    this.#tallies.set(key, tally);
    tally.lastInference = this.#clock.now();
    if (answered) {
      tally.rows += rows;
      tally.count++;
      tally.ns += ms * 1e6;
    } else {
      tally.failed++;
      tally.failedNs += ms * 1e6;
    }
  }

  of(name: string, version: string): ModelStatistics {
    const tally = this.#tallies.get(keyOf(name, version)) ?? NOTHING;
    return {
      name,
      version,
      lastInference: tally.lastInference,
      inferenceCount: tally.rows,
      success: {count: tally.count, ns: Math.round(tally.ns)},
      fail: {count: tally.failed, ns: Math.round(tally.failedNs)},
    };
  }
}

const keyOf = (name: string, version: string): string => JSON.stringify([name, version]);
