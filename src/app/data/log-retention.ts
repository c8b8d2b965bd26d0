/** The log loses what is older than its streams ask for, once the archive has it. */
import {positionAt} from '../../protocol/index.ts';
import {THE_POLICY, whoTypes} from '../access/who.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {type LogNeed, logNeeds} from './log-needs.ts';

type Stores = Pick<Runtime, 'project' | 'log' | 'archive' | 'clock' | 'audit'>;

export type LogPlan = {
  /** Where the log begins and ends now. */
  readonly start: number;
  readonly end: number;
  /** Events before this position may go. */
  readonly position: number;
  /** Whose event at that position is still needed, and why; null if nothing is. */
  readonly heldBy: {readonly stream: string; readonly because: string} | null;
  readonly needs: readonly LogNeed[];
};

export type Truncation = LogPlan & {
  /** The start after it: whole files go, so it may lie before `position`. */
  readonly newStart: number;
};

/** How far the log may be truncated. Reads it up to the first event that is needed, and changes nothing. */
export async function planTruncation({project, log, clock}: Stores): Promise<LogPlan> {
  const needs = logNeeds(project);
  const [start, end] = [log.start(), log.end()];
  const plan = {start, end, needs};
  const keep = new Map(needs.map(need => [need.stream, need]));
  const now = clock.now();
  for await (const batch of log.read({from: start, to: end})) {
    const {stream, count, arrivalTimes} = batch;
    const need = keep.get(stream);
    const because = need?.because ?? 'it is no source of the project any more';
    const keepMs = need?.keepMs ?? Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++)
      if (arrivalTimes[i]! >= now - keepMs) return {...plan, position: positionAt(batch, i), heldBy: {stream, because}};
  }
  return {...plan, position: end, heldBy: null};
}

export type TruncateOptions = {
  /** For the audit log; whoever runs this process unless told. */
  readonly who?: string;
  /** At most up to this position. */
  readonly before?: number;
};

/** Archives everything, then drops from the log what no stream needs any more. */
export async function truncateLog(stores: Stores, options: TruncateOptions = {}): Promise<Truncation> {
  const {who = whoTypes(), before = Number.POSITIVE_INFINITY} = options;
  const plan = await planTruncation(stores);
  const {start} = plan;
  const position = Math.min(plan.position, before);
  if (position <= start) return {...plan, position, newStart: start};
  const newStart = await stores.archive.truncateLog(position);
  if (newStart > start)
    await stores.audit.record({
      who,
      action: 'log.truncate',
      what: 'the event log',
      detail: {events: newStart - start, start, newStart},
    });
  return {...plan, position, newStart};
}

const DAY_MS = 86_400_000;

/** Truncates the log once a day of the clock, if a source has a retention. */
export class LogRetention {
  readonly #stores: Stores;
  readonly #wanted: boolean;
  #next = Number.NEGATIVE_INFINITY;

  constructor(stores: Stores) {
    this.#stores = stores;
    this.#wanted = stores.project.sources.some(({retentionMs}) => retentionMs !== null);
  }

  /** `taken`: keeps what the live state has taken, and says up to which position. Called only when a day is over. */
  async tick(now: number, taken: () => Promise<number>): Promise<void> {
    if (!this.#wanted || now < this.#next) return;
    this.#next = now + DAY_MS;
    await truncateLog(this.#stores, {who: THE_POLICY, before: await taken()});
  }
}
