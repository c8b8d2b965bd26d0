import type {Followers} from '../app/index.ts';
import type {Terminal} from './terminal/terminal.ts';

type FollowState = ReturnType<Followers['states']>[number];

/** Tells when a source that is followed cannot be read, and when it is again. */
export class FollowerNotes {
  readonly #terminal: Pick<Terminal, 'note' | 'errStyle'>;
  readonly #told = new Map<string, string>();

  constructor(terminal: Pick<Terminal, 'note' | 'errStyle'>) {
    this.#terminal = terminal;
  }

  tell(states: readonly FollowState[]): void {
    const {yellow, green} = this.#terminal.errStyle;
    for (const {stream, state, error} of states)
      if (error !== null && this.#told.get(stream) !== error.message) {
        this.#told.set(stream, error.message);
        this.#terminal.note(
          `${yellow('source')}  '${stream}' waits: ${error.message}${error.fix ? ` ${error.fix}` : ''}`,
        );
      } else if (state === 'following' && this.#told.delete(stream))
        this.#terminal.note(`${green('source')}  '${stream}' is followed again.`);
  }
}
