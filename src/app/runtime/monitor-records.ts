import type {Alert, FeatureHistogram, JsonValue, MonitorWindow} from '../../protocol/index.ts';
import type {MetadataStore} from '../../stores/index.ts';

/** Where monitored windows, their histograms and alerts are kept. */
export class MonitorRecords {
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
  }

  async saveWindow(window: MonitorWindow, histograms?: readonly FeatureHistogram[]): Promise<void> {
    const {id, from} = window;
    await this.#metadata.write([
      {kind: 'window', id, at: from, value: window as JsonValue},
      ...(histograms ? [{kind: 'window-histograms', id, at: from, value: histograms as JsonValue}] : []),
    ]);
  }

  /** Windows of a model that begin in [from, to), oldest first; all unless told. */
  async windows(
    model: string,
    {from, to}: {readonly from?: number; readonly to?: number} = {},
  ): Promise<MonitorWindow[]> {
    const records = await this.#metadata.list('window', {
      idPrefix: `${model}@`,
      limit: 100_000,
      ...(from === undefined ? {} : {from}),
      ...(to === undefined ? {} : {to}),
    });
    return records.map(({value}) => value as unknown as MonitorWindow);
  }

  async histograms(windowId: string): Promise<FeatureHistogram[] | undefined> {
    return (await this.#metadata.get('window-histograms', windowId))?.value as unknown as
      | FeatureHistogram[]
      | undefined;
  }

  async saveAlerts(alerts: readonly Alert[]): Promise<void> {
    if (alerts.length > 0)
      await this.#metadata.write(
        alerts.map(alert => ({kind: 'alert', id: alert.id, at: alert.openedAt, value: alert as JsonValue})),
      );
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
