/** The streams as the console shows them: counts, checks as they stand now, and what is stored. */
import type {FollowState} from '../../events/index.ts';
import type {StreamDetail} from '../../protocol/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {WaitingCounts} from './quarantine-counts.ts';
import {waitingOf} from './quarantine-page.ts';

const MOST_PARTITIONS = 400;

/** In the order of the sources. `following`: the states of those that are followed. */
export function streamDetails(
  {project, gate, archive, clock}: Pick<Runtime, 'project' | 'gate' | 'archive' | 'clock'>,
  counts: WaitingCounts,
  following: readonly FollowState[] = [],
): StreamDetail[] {
  const status = gate.checkStatus(clock.now());
  return project.sources.map(({name, retentionMs}) => ({
    ...gate.report(name),
    status: status.filter(({stream}) => stream === name),
    waiting: waitingOf(counts, name),
    partitions: archive
      .partitions(name)
      .slice(-MOST_PARTITIONS)
      .map(({from, to, rows}) => ({from, to, rows})),
    retentionMs,
    follower: following.find(({stream}) => stream === name) ?? null,
  }));
}
