/** The checks of a model on every prediction of a window: counters while it is open, verdicts when it closes. */

import type {QualityResult} from '../../protocol/index.ts';
import {wholeNumber} from '../alerts/words.ts';
import type {QualityCheck, ServedLevel} from './definitions/quality-check.ts';
import {FALLBACK, placeOf, type ServedColumn} from './definitions/served-columns.ts';
import {compileCheck, type KnownCategories} from './tallies/compile-check.ts';
import type {ServedRow, Tally} from './tallies/tally.ts';

export type QualityOptions = {readonly known?: KnownCategories};

/**
 * Every row counts, none is sampled: one broken row in a thousand matters. An answer that a fallback gave is counted by
 * the checks of fallbacks alone: its features may not have been read, and its prediction is not the model's.
 */
export class QualityCounters {
  readonly #checks: readonly QualityCheck[];
  readonly #columns: readonly ServedColumn[];
  /** By check: its counters, or why there are none. */
  readonly #tallies: readonly (Tally | string)[];
  readonly #ofFallbacks: readonly Tally[];
  readonly #ofModel: readonly Tally[];
  readonly #fallbackAt: number;

  /** `columns`: what a row holds, in its order. A check of something that is not there says so and judges nothing. */
  constructor(
    checks: readonly QualityCheck[],
    columns: readonly ServedColumn[],
    {known = () => null}: QualityOptions = {},
  ) {
    this.#checks = checks;
    this.#columns = columns;
    this.#tallies = checks.map(check => compileCheck(check, columns, known));
    const tallies = (wanted: boolean): Tally[] =>
      this.#tallies.flatMap((tally, i) =>
        typeof tally !== 'string' && (checks[i]!.rule.kind === 'fallback-share') === wanted ? [tally] : [],
      );
    this.#ofFallbacks = tallies(true);
    this.#ofModel = tallies(false);
    this.#fallbackAt = placeOf(FALLBACK.name, FALLBACK.level, columns);
  }

  /** One answer. The row is read at once and may be used again for the next. */
  observe(row: ServedRow): void {
    for (let i = 0; i < this.#ofFallbacks.length; i++) this.#ofFallbacks[i]!.add(row);
    if (this.#fallbackAt >= 0 && row[this.#fallbackAt] != null) return;
    for (let i = 0; i < this.#ofModel.length; i++) this.#ofModel[i]!.add(row);
  }

  /** One result for each check, in their order, of the rows since the last reset. */
  results(): QualityResult[] {
    return this.#checks.map((check, i) => resultOf(check, this.#tallies[i]!, this.#columns));
  }

  reset(): void {
    for (const tally of this.#tallies) if (typeof tally !== 'string') tally.reset();
  }
}

function fixOf(level: ServedLevel, [subject]: readonly string[]): string {
  if (level === 'input') return 'Look at what callers send, or mend the check.';
  if (level === 'feature')
    return `See what it is computed from (millrace features lineage ${subject}), or mend the check.`;
  return 'Look at the inputs of these rows and at the last release, or mend the check.';
}

function resultOf(check: QualityCheck, tally: Tally | string, columns: readonly ServedColumn[]): QualityResult {
  const {name, columns: names, severity, minRows} = check;
  const level = levelOf(check, columns);
  const is = {check: name, level, subjects: names.length === 0 ? ['prediction'] : names, severity};
  if (typeof tally === 'string')
    return {...is, verdict: 'insufficient data', rows: 0, broken: 0, message: `It cannot be judged: ${tally}.`};
  const {kept, rows, broken, measured, limit, message} = tally.read();
  const counted = {...is, rows, broken};
  if (rows === 0) return {...counted, verdict: 'insufficient data', message: 'There was no value to judge.'};
  if (rows < minRows)
    return {
      ...counted,
      verdict: 'insufficient data',
      message: `${message} Fewer than ${wholeNumber(minRows)} rows cannot tell.`,
    };
  return {
    ...counted,
    verdict: kept ? 'kept' : 'broken',
    message: kept ? message : `${message} ${fixOf(level, names)}`,
    ...(measured === null ? {} : {measured}),
    ...(limit === null ? {} : {limit}),
  };
}

/** The furthest along that it reads: inputs become features, and those a prediction. */
function levelOf({columns: names, level}: QualityCheck, columns: readonly ServedColumn[]): ServedLevel {
  if (level !== null) return level;
  const levels = names.map(name => columns[placeOf(name, null, columns)]?.level);
  if (names.length === 0 || levels.includes('prediction')) return 'prediction';
  return levels.includes('feature') ? 'feature' : 'input';
}
