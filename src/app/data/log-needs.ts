/** How long the log must keep the events of each stream, and why. */
import {reachMs} from '../../features/index.ts';
import {formatDuration} from '../../protocol/index.ts';
import type {Project} from '../project/project.ts';

export type LogNeed = {
  readonly stream: string;
  /** From the arrival of an event (ms); null: for ever. */
  readonly keepMs: number | null;
  /** What asks for it, in words. */
  readonly because: string;
};

const DAY_MS = 86_400_000;

/**
 * Of each stream the longest of its retention, the windows and labels over it (with the lateness), and what the gate
 * remembers ids for. Windows without an end do not count: what they need beyond is read from the archive. A stream
 * without a retention is kept for ever.
 */
export function logNeeds({sources, views, models}: Project): LogNeed[] {
  return sources.map(({name, retentionMs, latenessMs}) => {
    if (retentionMs === null) return {stream: name, keepMs: null, because: 'it has no retention'};
    const needs: [ms: number, because: string][] = [
      [retentionMs, `its retention is ${formatDuration(retentionMs)}`],
      [Math.max(DAY_MS, latenessMs), 'the gate knows redelivered events by it'],
    ];
    for (const view of views)
      if (view.source.name === name)
        for (const {over, name: feature} of view.features)
          if (Number.isFinite(reachMs(over)))
            needs.push([reachMs(over) + latenessMs, `'${feature}' reads so far back`]);
    for (const {name: model, decisions, label} of models)
      if (label.source.name === name || decisions.name === name)
        needs.push([label.withinMs + latenessMs, `labels of '${model}' come so late`]);
    const [keepMs, because] = needs.reduce((longest, need) => (need[0] > longest[0] ? need : longest));
    return {stream: name, keepMs, because};
  });
}
