import type {TalliesRecord} from '../../monitoring/index.ts';
import type {Alert, FeatureHistogram, JsonValue, MonitorWindow} from '../../protocol/index.ts';
import type {MetadataStore, MetadataWrite} from '../../stores/index.ts';

/** What a window counted, and all windows since `from` that were counted with the same bins, this one included. */
export type KeptTallies = {
  readonly own: TalliesRecord;
  readonly total: {readonly from: number; readonly tallies: TalliesRecord};
};

/** What the prediction log cannot tell of a window that is open. */
export type OpenWindow = {readonly from: number; readonly errors: number};

/** Windows of a model that are shown unless bounds are given, and kept in memory. */
export const NEWEST_WINDOWS = 2_000;
/** Windows of a model that are read at once, unless told. */
const MOST_WINDOWS = 100_000;

/** Where monitored windows, their histograms and counts, and alerts are kept. */
export class MonitorRecords {
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
  }

  /** The window and the alerts that it changed: all of it is kept, or nothing, so that no alert is lost between them. */
  async saveWindow(
    window: MonitorWindow,
    alerts: readonly Alert[],
    {histograms, tallies}: {readonly histograms?: readonly FeatureHistogram[]; readonly tallies?: KeptTallies} = {},
  ): Promise<void> {
    const {id, from: at} = window;
    await this.#metadata.write([
      {kind: 'window', id, at, value: window as JsonValue},
      ...(histograms ? [{kind: 'window-histograms', id, at, value: histograms as JsonValue}] : []),
      ...(tallies ? [{kind: 'window-tallies', id, at, value: tallies as JsonValue}] : []),
      ...alerts.map(alertWrite),
    ]);
  }

  /** Windows of a model that begin in [from, to), oldest first; of more than `limit` the newest, since monitoring goes on from those. */
  async windows(
    model: string,
    {from, to, limit = MOST_WINDOWS}: {readonly from?: number; readonly to?: number; readonly limit?: number} = {},
  ): Promise<MonitorWindow[]> {
    const records = await this.#metadata.list('window', {
      idPrefix: `${model}@`,
      order: 'newest',
      limit,
      ...(from === undefined ? {} : {from}),
      ...(to === undefined ? {} : {to}),
    });
    return records.reverse().map(({value}) => value as unknown as MonitorWindow);
  }

  async histograms(windowId: string): Promise<FeatureHistogram[] | undefined> {
    return (await this.#metadata.get('window-histograms', windowId))?.value as unknown as
      | FeatureHistogram[]
      | undefined;
  }

  /** Absent for windows of earlier releases. */
  async tallies(windowId: string): Promise<KeptTallies | undefined> {
    return (await this.#metadata.get('window-tallies', windowId))?.value as unknown as KeptTallies | undefined;
  }

  async saveOpenWindow(model: string, open: OpenWindow): Promise<void> {
    await this.#metadata.write([{kind: 'window-open', id: model, at: open.from, value: open as JsonValue}]);
  }

  async openWindow(model: string): Promise<OpenWindow | undefined> {
    return (await this.#metadata.get('window-open', model))?.value as unknown as OpenWindow | undefined;
  }

  async saveAlerts(alerts: readonly Alert[]): Promise<void> {
    if (alerts.length > 0) await this.#metadata.write(alerts.map(alertWrite));
  }

  /** Newest first. */
  async alerts(model?: string): Promise<Alert[]> {
    const records = await this.#metadata.list('alert', {
      order: 'newest',
      limit: 10_000,
      ...(model === undefined ? {} : {idPrefix: `${model}:`}),
    });
    return records.map(({value}) => value as unknown as Alert);
  }
}

const alertWrite = (alert: Alert): MetadataWrite => ({
  kind: 'alert',
  id: alert.id,
  at: alert.openedAt,
  value: alert as JsonValue,
});
