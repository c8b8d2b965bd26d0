import {percent, wholeNumber} from '../../alerts/words.ts';
import {fewerThan, moreThan} from './chance.ts';
import {BROKEN, type Outcome, type RowVerdict, type ServedRow, SILENT, type Tally} from './tally.ts';

export type ShareRule = {
  readonly judge: (row: ServedRow) => RowVerdict;
  /** Forgets what the judge remembers of earlier rows. */
  readonly forget?: () => void;
  /** Bounds of the share of rows that the judge calls broken. */
  readonly min: number | null;
  readonly max: number | null;
  /** What is said of those rows, such as `break it`. */
  readonly verb: string;
  /** The values of a row as a message shows them; null: not at all. */
  readonly show: ((row: ServedRow) => string) | null;
};

/** The share of rows of which something is true. */
export class ShareTally implements Tally {
  readonly #rule: ShareRule;
  readonly #judge: ShareRule['judge'];
  #rows = 0;
  #count = 0;
  #example = '';

  constructor(rule: ShareRule) {
    this.#rule = rule;
    this.#judge = rule.judge;
  }

  add(row: ServedRow): void {
    const verdict = this.#judge(row);
    if (verdict === SILENT) return;
    this.#rows++;
    if (verdict !== BROKEN) return;
    if (this.#count++ === 0 && this.#rule.show) this.#example = this.#rule.show(row);
  }

  read(): Outcome {
    const {min, max, verb} = this.#rule;
    const [rows, count] = [this.#rows, this.#count];
    const tooMany = max !== null && moreThan(max, count, rows);
    const tooFew = min !== null && rows > 0 && fewerThan(min, count, rows);
    const example = this.#example === '' ? '' : `, such as ${this.#example}`;
    const share = rows === 0 ? 0 : count / rows;
    const shown = count === 0 ? '' : ` (${percent(share)})`;
    return {
      kept: !tooMany && !tooFew,
      rows,
      broken: count,
      measured: rows === 0 ? null : share,
      limit: max === null || tooFew ? min : max,
      message: `${wholeNumber(count)} of ${wholeNumber(rows)} rows${shown} ${verb}${example}; ${allowed(min, max)}.`,
    };
  }

  reset(): void {
    this.#rows = 0;
    this.#count = 0;
    this.#example = '';
    this.#rule.forget?.();
  }
}

function allowed(min: number | null, max: number | null): string {
  if (max === 0) return 'none may';
  if (min === null) return `at most ${percent(max!)} may`;
  return max === null ? `at least ${percent(min)} should` : `${percent(min)} to ${percent(max)} should`;
}
