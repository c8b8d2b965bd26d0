import {columnView} from '../training-set.ts';
import type {LinearJob} from './linear-thread.ts';
import type {Preparation, Preprocessing} from './preprocessing.ts';

/** Rows whose gradient is summed at a time: the sums do not depend on which thread takes which block. */
export const LOGISTIC_BLOCK = 16_384;

/**
 * The loss of a thread's share of the rows and its gradient, column by column: margins of a block of rows, then
 * residuals, then their products with each column. Blocks are dealt out in turn and added up in order.
 * `exchange` holds the coefficients and intercept, then per training block the gradient and the loss, then per
 * validation block the loss.
 */
export class LogisticRows {
  readonly coefficients: Float64Array;
  readonly #job: LinearJob;
  readonly #thread: number;
  readonly #threads: number;
  readonly #size: number;
  readonly #sums: Float64Array;
  readonly #validationLosses: Float64Array;
  readonly #views: readonly {readonly preparation: Preparation; readonly column: Float32Array}[];
  readonly #margins = new Float64Array(LOGISTIC_BLOCK);

  constructor(job: LinearJob, {preparations, terms}: Preprocessing, thread: number, threads: number) {
    const blocks = Math.ceil(job.trainRows / LOGISTIC_BLOCK);
    this.#job = job;
    this.#thread = thread;
    this.#threads = threads;
    this.#size = terms + 2; // terms, intercept, loss
    this.coefficients = new Float64Array(job.exchange, 0, terms + 1);
    this.#sums = new Float64Array(job.exchange, 8 * (terms + 1), blocks * this.#size);
    this.#validationLosses = new Float64Array(job.exchange, 8 * (terms + 1 + blocks * this.#size));
    this.#views = preparations.map(preparation => ({
      preparation,
      column: columnView(job.columns, preparation.feature),
    }));
  }

  /** Doubles of `exchange` for so many rows and terms (at least). */
  static exchangeLength(trainRows: number, validationRows: number, terms: number): number {
    const blocks = Math.ceil(trainRows / LOGISTIC_BLOCK);
    return terms + 1 + blocks * (terms + 2) + Math.ceil(validationRows / LOGISTIC_BLOCK);
  }

  /** Phase: loss and gradient of this thread's training blocks. */
  gradients(): void {
    const {trainRows, labels, weights} = this.#job;
    const margins = this.#margins;
    for (let b = this.#thread; b * LOGISTIC_BLOCK < trainRows; b += this.#threads) {
      const from = b * LOGISTIC_BLOCK;
      const count = Math.min(LOGISTIC_BLOCK, trainRows - from);
      const sums = this.#sums.subarray(b * this.#size, (b + 1) * this.#size).fill(0);
      this.#fillMargins(from, count);
      let loss = 0;
      let intercept = 0;
      for (let i = 0; i < count; i++) {
        const weight = weights[from + i]!;
        loss += weight * logLoss(margins[i]!, labels[from + i]!);
        margins[i] = weight * (1 / (1 + Math.exp(-margins[i]!)) - labels[from + i]!); // the residual from here on
        intercept += margins[i]!;
      }
      for (const {preparation, column} of this.#views) addGradient(preparation, column, from, count, margins, sums);
      sums[this.#size - 2] = intercept;
      sums[this.#size - 1] = loss;
    }
  }

  /** Phase: loss of this thread's validation blocks. */
  validate(): void {
    const {trainRows, validationRows, labels, weights} = this.#job;
    for (let b = this.#thread; b * LOGISTIC_BLOCK < validationRows; b += this.#threads) {
      const from = trainRows + b * LOGISTIC_BLOCK;
      const count = Math.min(LOGISTIC_BLOCK, trainRows + validationRows - from);
      this.#fillMargins(from, count);
      let loss = 0;
      for (let i = 0; i < count; i++) loss += weights[from + i]! * logLoss(this.#margins[i]!, labels[from + i]!);
      this.#validationLosses[b] = loss;
    }
  }

  /** Adds the blocks up: the gradient into `gradient`, the loss returned. */
  addUp(gradient: Float64Array): number {
    gradient.fill(0);
    let loss = 0;
    for (let start = 0; start < this.#sums.length; start += this.#size) {
      for (let k = 0; k < gradient.length; k++) gradient[k]! += this.#sums[start + k]!;
      loss += this.#sums[start + this.#size - 1]!;
    }
    return loss;
  }

  validationLoss(): number {
    const blocks = Math.ceil(this.#job.validationRows / LOGISTIC_BLOCK);
    return this.#validationLosses.subarray(0, blocks).reduce((a, b) => a + b, 0);
  }

  #fillMargins(from: number, count: number): void {
    const margins = this.#margins.fill(this.coefficients.at(-1)!);
    for (const {preparation, column} of this.#views)
      addMargins(preparation, column, from, count, this.coefficients, margins);
  }
}

/** log(1 + e^margin) - label · margin, without overflow. */
function logLoss(margin: number, label: number): number {
  return Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - label * margin;
}

function addMargins(
  p: Preparation,
  column: Float32Array,
  from: number,
  count: number,
  w: Float64Array,
  margins: Float64Array,
): void {
  const ifMissing = p.missing === null ? 0 : w[p.missing]!;
  if (p.kind === 'numeric') {
    const slope = w[p.term]! / p.scale;
    const offset = -slope * p.mean;
    for (let i = 0; i < count; i++) {
      const x = column[from + i]!;
      margins[i]! += Number.isNaN(x) ? ifMissing : slope * x + offset;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    const code = column[from + i]!;
    const term = p.termOfCode[code] ?? -1;
    if (term >= 0) margins[i]! += w[term]!;
    else if (Number.isNaN(code)) margins[i]! += ifMissing;
  }
}

function addGradient(
  p: Preparation,
  column: Float32Array,
  from: number,
  count: number,
  residuals: Float64Array,
  sums: Float64Array,
): void {
  let missing = 0;
  if (p.kind === 'numeric') {
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const x = column[from + i]!;
      if (Number.isNaN(x)) missing += residuals[i]!;
      else sum += residuals[i]! * (x - p.mean);
    }
    sums[p.term] = sum / p.scale;
  } else {
    for (let i = 0; i < count; i++) {
      const code = column[from + i]!;
      const term = p.termOfCode[code] ?? -1;
      if (term >= 0) sums[term]! += residuals[i]!;
      else if (Number.isNaN(code)) missing += residuals[i]!;
    }
  }
  if (p.missing !== null) sums[p.missing] = missing;
}
