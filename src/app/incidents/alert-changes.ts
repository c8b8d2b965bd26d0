// What has changed among the alerts of a model since incidents were last made of them.
import type {Alert, MonitorWindow} from '../../protocol/index.ts';

export type AlertChange = {
  readonly model: string;
  readonly opened?: readonly Alert[];
  readonly resolved?: readonly Alert[];
  /** Still open, with other words, another severity, or something done about it. */
  readonly changed?: readonly Alert[];
  /** The window that was judged. */
  readonly window?: MonitorWindow | null;
};

export type AlertsNow = {
  readonly model: string;
  /** All that are open. */
  readonly open: readonly Alert[];
  /** Those that tell about them, oldest first. */
  readonly windows: readonly MonitorWindow[];
};

/** By window: an alert is told of by its own if that was scored just now, or else by the newest. `resolved`: those that are no longer open. */
export function alertChanges(
  {model, open, windows}: AlertsNow,
  known: (id: string) => Alert | undefined,
  resolved: readonly Alert[],
  now: number,
): AlertChange[] {
  const windowOf = ({windowId}: Alert): MonitorWindow | null =>
    windows.find(({id, performance}) => id === windowId && performance?.scoredAt === now) ?? windows.at(-1) ?? null;
  const groups = new Map<MonitorWindow | null, {opened: Alert[]; changed: Alert[]; resolved: Alert[]}>();
  const put = (alert: Alert, as: 'opened' | 'changed' | 'resolved'): void => {
    const window = windowOf(alert);
    const group = groups.get(window) ?? {opened: [], changed: [], resolved: []};
    group[as].push(alert);
    groups.set(window, group);
  };
  for (const alert of open) {
    const before = known(alert.id);
    if (before?.resolvedAt !== null) put(alert, 'opened');
    else if (isOther(before, alert)) put(alert, 'changed');
  }
  for (const alert of resolved) put(alert, 'resolved');
  return [...groups].map(([window, group]) => ({model, window, ...group}));
}

const isOther = (a: Alert, b: Alert): boolean =>
  a.severity !== b.severity || a.message !== b.message || a.action !== b.action;
