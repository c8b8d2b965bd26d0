import type {MonitorPolicy} from '../../../monitoring/index.ts';
import type {MonitorWindow} from '../../../protocol/index.ts';
import type {MetadataStore} from '../../../stores/index.ts';

/** A model that is watched. */
export type Watched = {
  readonly policy: Pick<MonitorPolicy, 'windowMs' | 'sliding' | 'reference'>;
  readonly windows: readonly Pick<MonitorWindow, 'to' | 'predictions'>[];
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** Looked at, beyond what windows are put together of, and deliveries at all. */
const KEPT_MS = 90 * DAY;
/** Records of a kind that go in one tick: some 50 kB each. */
const AT_ONCE = 200;

/**
 * Lets go of what windows counted (50 to 100 kB each at 200 features) and of deliveries when nobody looks at them any more:
 * 90 days after the last window of which they may become a part. Windows, alerts and incidents stay. A model that was
 * silent since, as one whose history was replayed, keeps what it had.
 */
export class MonitorRetention {
  readonly #metadata: Pick<MetadataStore, 'remove'>;
  #nextAt = Number.NEGATIVE_INFINITY;

  constructor(metadata: Pick<MetadataStore, 'remove'>) {
    this.#metadata = metadata;
  }

  /** Once an hour, and at once again while there is more to remove than goes in a tick. */
  async tick(now: number, models: readonly Watched[]): Promise<void> {
    if (now < this.#nextAt) return;
    const counted = Math.min(now, ...models.map(model => neededFrom(model, now))) - KEPT_MS;
    const removed = [
      await this.#metadata.remove('window-histograms', {before: counted, limit: AT_ONCE}),
      await this.#metadata.remove('window-tallies', {before: counted, limit: AT_ONCE}),
      await this.#metadata.remove('delivery', {before: now - KEPT_MS, limit: AT_ONCE}),
    ];
    if (!removed.includes(AT_ONCE)) this.#nextAt = now + HOUR;
  }
}

/** Where the first window begins that the next one is put together or compared with. */
function neededFrom({policy: {windowMs, sliding, reference}, windows}: Watched, now: number): number {
  const newest = windows.findLast(({predictions}) => predictions > 0)?.to ?? now;
  const step = Math.max(1, Math.ceil(windowMs / WEEK)) * WEEK;
  const season = reference.kind === 'season' ? reference.weeks * step : 0;
  return newest - Math.max(season, (sliding ?? 1) * windowMs) - windowMs;
}
