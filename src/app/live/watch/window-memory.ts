import {
  type MonitorPolicy,
  mergeRecords,
  type Span,
  type SpanTallies,
  seasonalSpans,
  type TalliesRecord,
  talliesOf,
  type WindowSurroundings,
  windowId,
} from '../../../monitoring/index.ts';
import type {MonitorWindow} from '../../../protocol/index.ts';
import type {KeptTallies, MonitorRecords} from '../../runtime/monitor-records.ts';

type Remembered = Span & {readonly tallies: TalliesRecord};

/** Windows of the same season without which the training data are the reference. */
const LEAST_OF_SEASON = 3;

/**
 * What earlier windows counted, as far as it is put together with that of the next one: the sliding windows in memory,
 * the sum since the version took over, and from the store those of the same season. Only windows counted over the bins of
 * the same version can be put together.
 */
export class WindowMemory {
  readonly #model: string;
  readonly #policy: MonitorPolicy;
  readonly #records: MonitorRecords;
  #recent: Remembered[] = [];
  #total: KeptTallies['total'] | null = null;

  constructor(model: string, policy: MonitorPolicy, records: MonitorRecords) {
    this.#model = model;
    this.#policy = policy;
    this.#records = records;
  }

  async open(windows: readonly MonitorWindow[]): Promise<void> {
    const last = windows.slice(-Math.max(1, this.#before));
    for (const {id, from, to} of last) {
      const kept = await this.#records.tallies(id);
      if (kept) this.keep({from, to}, kept);
    }
  }

  /** Windows before the newest one that slide with it. */
  get #before(): number {
    return (this.#policy.sliding ?? 1) - 1;
  }

  /** The window itself, and the sum since its version took over. */
  totalWith({from}: Span, own: TalliesRecord): KeptTallies {
    const before = this.#total?.tallies.version === own.version ? this.#total : null;
    return {
      own,
      total: before ? {from: before.from, tallies: mergeRecords([before.tallies, own])!} : {from, tallies: own},
    };
  }

  keep({from, to}: Span, {own, total}: KeptTallies): void {
    this.#recent = [...this.#recent, {from, to, tallies: own}].slice(-Math.max(1, this.#before));
    this.#total = total;
  }

  /** What the window is put together with; a span that would be another one again is left out. */
  spans({total, own}: KeptTallies): SpanTallies[] {
    const spans: SpanTallies[] = [];
    const same = this.#recent.filter(({tallies}) => tallies.version === own.version);
    const sliding = this.#before > 0 ? same.slice(-this.#before) : [];
    const tallies = mergeRecords([...sliding.map(one => one.tallies), own])!;
    if (sliding.length > 0) spans.push({span: 'sliding', from: sliding[0]!.from, tallies});
    const longer = total.from < (sliding[0]?.from ?? Number.POSITIVE_INFINITY) && total.tallies.rows > own.rows;
    if (longer && total.tallies.rows > tallies.rows) spans.push({span: 'cumulative', ...total});
    return spans;
  }

  /** The windows of the same time of the week before; null where that is not the reference, or too few are there. */
  async season(window: Span, version: number): Promise<WindowSurroundings['season']> {
    const {reference} = this.#policy;
    if (reference.kind !== 'season') return null;
    const found: TalliesRecord[] = [];
    for (const {from} of seasonalSpans(window, this.#policy, reference.weeks)) {
      const kept = await this.#records.tallies(windowId(this.#model, from));
      if (kept && kept.own.version === version && kept.own.rows > 0) found.push(kept.own);
    }
    if (found.length < Math.min(LEAST_OF_SEASON, reference.weeks)) return null;
    return {tallies: talliesOf(mergeRecords(found)!), windows: found.length};
  }
}
