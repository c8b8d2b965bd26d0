import type {Alert, ConsistencyRun} from '../../protocol/index.ts';

const SUBJECT = 'served features';

/** What a finished run changes: opens the alert of its model at a difference, resolves it where there is none. */
export function judgeSkew(
  run: ConsistencyRun,
  open: readonly Alert[],
  at: number,
): {readonly opened: Alert | null; readonly resolved: Alert | null} {
  const existing = open.find(({kind, resolvedAt}) => kind === 'skew' && resolvedAt === null) ?? null;
  if (run.state !== 'done' || run.values === 0) return {opened: null, resolved: null};
  if (run.mismatches === 0) return {opened: null, resolved: existing && {...existing, resolvedAt: at}};
  return {opened: existing ? null : alertOf(run, at), resolved: null};
}

function alertOf(run: ConsistencyRun, openedAt: number): Alert {
  const differing = run.features
    .map(f => ({feature: f.feature, count: f.mismatches + f.missing + f.extra}))
    .filter(({count}) => count > 0)
    .sort((a, b) => b.count - a.count);
  const named = differing.slice(0, 3).map(({feature, count}) => `${feature} (${count.toLocaleString('en-US')})`);
  const more = differing.length > 3 ? ` and ${differing.length - 3} more` : '';
  return {
    id: `${run.model}:skew:${SUBJECT}@${new Date(run.startedAt).toISOString()}`,
    model: run.model,
    kind: 'skew',
    severity: 'page',
    subject: SUBJECT,
    openedAt,
    resolvedAt: null,
    windowId: run.id,
    measured: run.mismatches / run.values,
    threshold: 0,
    title: `Served features differ from what the event log gives (${run.model})`,
    message: `${run.mismatches.toLocaleString('en-US')} of ${run.values.toLocaleString('en-US')} values differ, in ${named.join(', ')}${more}. The model answers from other values than it was trained on. See the examples of consistency run ${run.number}.`,
    action: null,
  };
}
