import type {Alert, Retrain} from '../../protocol/index.ts';
import {moment} from '../terminal/figures.ts';
import type {Terminal} from '../terminal/terminal.ts';

/** Prints alerts and the steps of retrains once each, as they come; whose they are where there are several models. */
export class Story {
  readonly #terminal: Terminal;
  readonly #several: boolean;
  readonly #told = new Map<string, number>();
  #open: ReadonlyMap<string, Alert> = new Map();

  constructor(terminal: Terminal, {several = false}: {readonly several?: boolean} = {}) {
    this.#terminal = terminal;
    this.#several = several;
  }

  /** The alerts that are open at `now`: those that are new, and those that are gone. */
  alerts(open: readonly Alert[], now: number): void {
    const {red, yellow, green} = this.#terminal.errStyle;
    const next = new Map(open.map(alert => [alert.id, alert]));
    for (const alert of open)
      if (!this.#open.has(alert.id))
        this.#line(
          alert,
          alert.openedAt,
          alert.severity === 'page' ? red('page') : yellow('ticket'),
          `${alert.title}. ${alert.message}`,
        );
    for (const [id, alert] of this.#open) if (!next.has(id)) this.#line(alert, now, green('resolved'), alert.title);
    this.#open = next;
  }

  /** A retrain as it stands: the steps that were not told yet. */
  retrain(retrain: Retrain): void {
    const {id, trigger, firedAt, steps, outcome} = retrain;
    const {cyan, green, red} = this.#terminal.errStyle;
    const told = this.#told.get(id);
    if (told === undefined) this.#line(retrain, firedAt, cyan('retrain'), `${trigger.kind}: ${trigger.reason}`);
    for (const {at, stage, message} of steps.slice(told ?? 0)) {
      if (stage === 'trigger') continue;
      const last = stage === 'promotion' || stage === 'rejection';
      const name = last ? (outcome === 'promoted' ? green('promoted') : red('rejected')) : cyan(stage);
      this.#line(retrain, at, name, message);
    }
    this.#told.set(id, steps.length);
  }

  #line({model}: {readonly model: string}, at: number, what: string, message: string): void {
    const whose = this.#several ? `${model}: ` : '';
    this.#terminal.note(`    ${this.#terminal.errStyle.dim(moment(at))}  ${what}  ${whose}${message}`);
  }
}
