import type {StageProgress} from '../../app/index.ts';
import type {StageRecord} from '../../protocol/index.ts';
import {count, seconds} from '../terminal/figures.ts';
import {Progress} from '../terminal/progress.ts';
import type {Terminal} from '../terminal/terminal.ts';

/** What the rows of a stage are; a stage that is not listed counts nothing. */
const UNITS: Readonly<Record<string, string>> = {
  ingest: 'events',
  train: 'rows',
  replay: 'predictions',
  consistency: 'predictions',
};

const NAME_WIDTH = 12;

/** A moving line for the stage that runs, and one line for each that has ended. */
export class StageDisplay {
  readonly #terminal: Terminal;
  readonly #progress: Progress;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#progress = new Progress(terminal);
  }

  observe(stage: StageRecord, progress: StageProgress | null): void {
    const {name, state} = stage;
    if (state === 'running') {
      const unit = UNITS[name];
      const {done, of, message = ''} = progress ?? {done: 0, of: null};
      // A stage that counts nothing yet says in its message how far it is.
      const all = done > 0 ? of : null;
      this.#progress.update({title: name.padEnd(NAME_WIDTH), done, of: all, message, ...(unit ? {unit} : {})});
      return;
    }
    this.#progress.clear();
    this.#terminal.note(stageLine(stage, this.#terminal));
  }

  clear(): void {
    this.#progress.clear();
  }
}

/** `✓ ingest       1.24 s  300,000 events  241,935/s  299,988 accepted, …`. */
function stageLine(
  {name, state, seconds: took, rows, rowsPerSecond, message}: StageRecord,
  terminal: Terminal,
): string {
  const {green, red, bold, dim} = terminal.errStyle;
  const unit = UNITS[name];
  const figures = [seconds(took).padStart(8)];
  if (unit !== undefined && rows > 0) {
    figures.push(`${count(rows)} ${unit}`);
    if (rowsPerSecond !== null) figures.push(`${count(rowsPerSecond)}/s`);
  }
  const mark = state === 'failed' ? red('✗') : green('✓');
  return `${mark} ${bold(name.padEnd(NAME_WIDTH))}${figures.join('  ')}${message ? `  ${dim(message)}` : ''}`;
}
