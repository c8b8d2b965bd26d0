import type {AlertChanges} from '../../../monitoring/index.ts';
import type {Alert, MonitorWindow} from '../../../protocol/index.ts';

/** The alerts of one model: those that are open, and when there was one. */
export class AlertBook {
  #open: readonly Alert[] = [];
  /** All that were ever opened, as they were last. */
  readonly #known = new Map<string, Alert>();

  constructor(alerts: readonly Alert[] = []) {
    this.adopt(alerts);
  }

  get open(): readonly Alert[] {
    return this.#open;
  }

  /** What is to be kept and told of: takes effect with `adopt`. */
  static changed({opened, resolved, updated}: AlertChanges): readonly Alert[] {
    return [...opened, ...resolved, ...updated];
  }

  /** Takes note of alerts that were opened, changed or resolved. */
  adopt(changed: readonly Alert[]): void {
    for (const alert of changed) this.#known.set(alert.id, alert);
    const ids = new Set(changed.map(({id}) => id));
    const open = changed.filter(({resolvedAt}) => resolvedAt === null);
    this.#open = [...this.#open.filter(({id}) => !ids.has(id)), ...open];
  }

  /** Whether no alert was open during the window, nor opened by it. */
  wasQuiet({id, from, to}: Pick<MonitorWindow, 'id' | 'from' | 'to'>): boolean {
    for (const {windowId, openedAt, resolvedAt} of this.#known.values())
      if (windowId === id || (openedAt < to && (resolvedAt === null || resolvedAt > from))) return false;
    return true;
  }
}
