import colours from 'picocolors';

type Stream = {readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown};
type Colours = ReturnType<typeof colours.createColors>;

export type TerminalOptions = {
  readonly stdout?: Stream;
  readonly stderr?: Stream;
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/**
 * Where a command writes. Results go to stdout; progress and errors go to stderr, so that `--json` leaves
 * nothing but JSON on stdout. Colours and a moving line appear only where someone looks.
 */
export class Terminal {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  /** Colours for stdout. */
  readonly style: Colours;
  /** Colours for stderr. */
  readonly errStyle: Colours;
  /** A person watches stderr: a line may move. */
  readonly moves: boolean;
  /** The line that moves at the bottom of the screen; empty if there is none. */
  #line = '';

  constructor({stdout = process.stdout, stderr = process.stderr, env = process.env}: TerminalOptions = {}) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.style = colours.createColors(coloursFor(stdout, env));
    this.errStyle = colours.createColors(coloursFor(stderr, env));
    this.moves = stderr.isTTY === true && env.TERM !== 'dumb';
  }

  /** A line of the result. */
  print(text = ''): void {
    this.#around(() => this.#stdout.write(`${text}\n`));
  }

  /** The result for a script: nothing else is on stdout. */
  printJson(value: unknown): void {
    this.#around(() => this.#stdout.write(`${JSON.stringify(value, null, 2)}\n`));
  }

  /** A line about what is going on, or what went wrong. */
  note(text = ''): void {
    this.#around(() => this.#stderr.write(`${text}\n`));
  }

  /** Shows `text` as the line that moves; an empty one takes it away. Only where `moves`. */
  show(text: string): void {
    if (!this.moves || text === this.#line) return;
    this.#line = text;
    this.#stderr.write(`\r\x1b[2K${text}`);
  }

  #around(write: () => void): void {
    if (this.#line !== '') this.#stderr.write('\r\x1b[2K');
    write();
    if (this.#line !== '') this.#stderr.write(this.#line);
  }

  /** Columns of the screen; 100 where nobody looks. */
  get columns(): number {
    return this.#stderr.columns ?? 100;
  }
}

/** On a terminal, unless NO_COLOR (no-color.org) or a dumb terminal forbids it; FORCE_COLOR asks for them anywhere. */
function coloursFor({isTTY}: Stream, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return isTTY === true && env.TERM !== 'dumb';
}
