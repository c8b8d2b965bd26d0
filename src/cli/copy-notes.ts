import type {Runtime} from '../app/index.ts';
import {count} from './terminal/figures.ts';
import type {Terminal} from './terminal/terminal.ts';

type CopyState = ReturnType<NonNullable<Runtime['copyState']>>;

/** Tells when the copy of the feature states stops following, and when it has everything again. */
export class CopyNotes {
  readonly #terminal: Pick<Terminal, 'note' | 'errStyle'>;
  #away = false;

  constructor(terminal: Pick<Terminal, 'note' | 'errStyle'>) {
    this.#terminal = terminal;
  }

  tell({state, behind, error}: CopyState): void {
    const {yellow, green} = this.#terminal.errStyle;
    if (error !== null && !this.#away) {
      this.#away = true;
      const waits =
        behind === null ? 'All of it is sent' : behind === 0 ? 'It goes on' : `${count(behind)} entries wait`;
      this.#terminal.note(
        `${yellow('copy')}  ${error.message} This server goes on; nothing is lost. ${waits}${behind ? ', and are sent' : ''} when it is back.`,
      );
    } else if (this.#away && state === 'even') {
      this.#away = false;
      this.#terminal.note(`${green('copy')}  It has everything again.`);
    }
  }
}
