import {formatDuration} from '../../protocol/index.ts';
import {count} from './figures.ts';
import type {Terminal} from './terminal.ts';

export type ProgressState = {
  readonly title: string;
  readonly done: number;
  /** Null when nobody knows how much there will be. */
  readonly of: number | null;
  /** What `done` counts; left out when it counts nothing worth a rate. */
  readonly unit?: string;
  readonly message?: string;
};

const REDRAW_MS = 100;
/** Where no line can move, one is printed so often. */
const REPORT_MS = 10_000;
const BAR = 24;

/** Long work as a moving line on a terminal, and as an occasional line elsewhere. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #title = '';
  #started = 0;
  #drawn = Number.NEGATIVE_INFINITY;

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
  }

  update(state: ProgressState): void {
    const now = this.#now();
    if (state.title !== this.#title) {
      this.#title = state.title;
      this.#started = now;
      this.#drawn = this.#terminal.moves ? Number.NEGATIVE_INFINITY : now;
    }
    if (now - this.#drawn < (this.#terminal.moves ? REDRAW_MS : REPORT_MS)) return;
    this.#drawn = now;
    const text = progressText(state, now - this.#started, this.#terminal.moves);
    if (this.#terminal.moves) this.#terminal.show(cropped(text, this.#terminal.columns));
    else this.#terminal.note(text);
  }

  /** Takes the line away. */
  clear(): void {
    this.#title = '';
    this.#terminal.show('');
  }
}

/** `replay  ━━━━━━──────  45 %  1,234,567 rows  45,000/s  2001-05-03`. */
function progressText({title, done, of, unit, message}: ProgressState, elapsedMs: number, bar: boolean): string {
  const parts = [title];
  if (of !== null && of > 0) {
    const share = Math.min(1, done / of);
    if (bar) parts.push('━'.repeat(Math.round(share * BAR)).padEnd(BAR, '─'));
    parts.push(`${Math.floor(share * 100)} %`);
  }
  if (unit !== undefined && done > 0) {
    parts.push(`${count(done)} ${unit}`);
    if (elapsedMs > 500) parts.push(`${count((done * 1_000) / elapsedMs)}/s`);
  }
  if (message) parts.push(message);
  if (elapsedMs >= 2_000) parts.push(formatDuration(elapsedMs));
  return `  ${parts.join('  ')}`;
}

const cropped = (text: string, columns: number): string =>
  text.length < columns ? text : `${text.slice(0, columns - 2)}…`;
