import type {Alert, Retrain} from '../../protocol/index.ts';
import {moment} from '../terminal/figures.ts';
import type {Terminal} from '../terminal/terminal.ts';

/** Prints alerts and the steps of retrains once each, as they come. */
export class Story {
  readonly #terminal: Terminal;
  readonly #told = new Map<string, number>();
  #open: ReadonlyMap<string, Alert> = new Map();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** The alerts that are open at `now`: those that are new, and those that are gone. */
  alerts(open: readonly Alert[], now: number): void {
    const {red, yellow, green} = this.#terminal.errStyle;
    const next = new Map(open.map(alert => [alert.id, alert]));
    for (const alert of open)
      if (!this.#open.has(alert.id))
        this.#line(
          alert.openedAt,
          alert.severity === 'page' ? red('page') : yellow('ticket'),
          `${alert.title}. ${alert.message}`,
        );
    for (const [id, alert] of this.#open) if (!next.has(id)) this.#line(now, green('resolved'), alert.title);
    this.#open = next;
  }

  /** A retrain as it stands: the steps that were not told yet. */
  retrain({id, trigger, firedAt, steps, outcome}: Retrain): void {
    const {cyan, green, red} = this.#terminal.errStyle;
    const told = this.#told.get(id);
    if (told === undefined) this.#line(firedAt, cyan('retrain'), `${trigger.kind}: ${trigger.reason}`);
    for (const {at, stage, message} of steps.slice(told ?? 0)) {
      if (stage === 'trigger') continue;
      const last = stage === 'promotion' || stage === 'rejection';
      const name = last ? (outcome === 'promoted' ? green('promoted') : red('rejected')) : cyan(stage);
      this.#line(at, name, message);
    }
    this.#told.set(id, steps.length);
  }

  #line(at: number, what: string, message: string): void {
    this.#terminal.note(`    ${this.#terminal.errStyle.dim(moment(at))}  ${what}  ${message}`);
  }
}
