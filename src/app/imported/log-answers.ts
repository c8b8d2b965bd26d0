import {randomUUID} from 'node:crypto';
import type {PredictionLog, PredictionWriter} from '../../logs/index.ts';
import {hashUnit} from '../../math/index.ts';
import {type Clock, MillraceError} from '../../protocol/index.ts';
import type {AnsweredRows} from './answered-rows.ts';

const SALT = 'prediction-log';

/** The answers of one imported model on their way into the prediction log. */
export class AnswerLog {
  readonly #model: string;
  readonly #log: PredictionLog;
  readonly #clock: Clock;
  readonly #sample: number;
  #columns: readonly string[] | null = null;
  #writer: PredictionWriter | null = null;
  #unlogged = 0;
  #predictions = 0;
  readonly #levels = new Map<string, number>();

  /** `sample`: share of the ids that is logged. */
  constructor(model: string, log: PredictionLog, clock: Clock, sample: number) {
    this.#model = model;
    this.#log = log;
    this.#clock = clock;
    this.#sample = sample;
  }

  get predictions(): number {
    return this.#predictions;
  }

  /** Answers that the log had no room for. */
  get unlogged(): number {
    return this.#unlogged;
  }

  /** Answers by the level that gave them. */
  get levels(): ReadonlyMap<string, number> {
    return this.#levels;
  }

  add({version, id, columns, rows, predictions, level, latencyUs}: AnsweredRows): void {
    const at = this.#clock.now();
    const writer = this.#writerOf(columns);
    const stem = id ?? randomUUID();
    this.#predictions += rows.length;
    this.#levels.set(level, (this.#levels.get(level) ?? 0) + rows.length);
    rows.forEach((features, i) => {
      const own = rows.length === 1 ? stem : `${stem}/${i}`;
      if (this.#sample < 1 && hashUnit(own, SALT) >= this.#sample) return;
      const row = {id: own, at, version, role: 'champion', propensity: 1, level, outside: [], latencyUs} as const;
      try {
        writer.served({...row, prediction: predictions[i]!, position: 0, features});
      } catch (error) {
        if (!(error instanceof MillraceError && error.code === 'QUEUE_FULL')) throw error;
        this.#unlogged++;
      }
    });
  }

  /** A new version may have other columns. */
  #writerOf(columns: readonly string[]): PredictionWriter {
    if (this.#writer && (this.#columns === columns || this.#columns?.join() === columns.join())) return this.#writer;
    this.#columns = columns;
    const specs = columns.map(name => ({name, type: 'number', nullable: true}) as const);
    this.#writer = this.#log.writer(this.#model, specs);
    return this.#writer;
  }
}
