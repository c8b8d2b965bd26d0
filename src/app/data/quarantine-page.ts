import type {StoredRow} from '../../events/index.ts';
import type {QuarantinePage, QuarantineRow} from '../../protocol/index.ts';
import {findSource} from '../project/project.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {WaitingCounts} from './quarantine-counts.ts';

const MOST_CHARACTERS = 2_000;

/** What waits in quarantine of one stream, with the oldest rows. Throws STREAM_UNKNOWN. */
export async function quarantinePage(
  {project, quarantine}: Pick<Runtime, 'project' | 'quarantine'>,
  name: string,
  limit: number,
  counts: WaitingCounts,
): Promise<QuarantinePage> {
  const stream = findSource(project, name).name;
  const rows: QuarantineRow[] = [];
  if (limit > 0 && counts.has(stream))
    for await (const row of quarantine.read({stream})) if (rows.push(rowOf(row)) === limit) break;
  const reasons = [...(counts.get(stream) ?? [])].map(([check, count]) => ({check, count}));
  reasons.sort((a, b) => b.count - a.count || (a.check < b.check ? -1 : 1));
  return {stream, waiting: waitingOf(counts, stream), reasons, rows};
}

/** Rows of a stream that wait. */
export const waitingOf = (counts: WaitingCounts, stream: string): number =>
  [...(counts.get(stream)?.values() ?? [])].reduce((sum, count) => sum + count, 0);

function rowOf({offset, stream, at, check, message, row}: StoredRow): QuarantineRow {
  const text = JSON.stringify(row);
  const shown = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return {offset, stream, at, check, message, text: shown};
}
