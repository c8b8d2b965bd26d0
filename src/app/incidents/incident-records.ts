/**
 * Where incidents are kept, in the metadata store:
 *
 *   incident       <model>.<number>  Incident, listed by when it opened
 *   incident-told  <incident>        Told: what people heard of it last
 *   silence        <id>              Silence, listed by its start
 *   delivery       <id>              Delivery, listed by when it was made
 *   telling        since             {}, at the time when people could be told for the first time
 */
import type {Told} from '../../monitoring/index.ts';
import type {Delivery, Incident, JsonValue, Silence} from '../../protocol/index.ts';
import type {MetadataRecord, MetadataStore, MetadataWrite} from '../../stores/index.ts';

const MOST = 10_000;

export class IncidentRecords {
  readonly #metadata: MetadataStore;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
  }

  /** All or none. */
  async write(writes: readonly MetadataWrite[]): Promise<void> {
    if (writes.length > 0) await this.#metadata.write(writes);
  }

  async incident(id: string): Promise<Incident | undefined> {
    return valueIn<Incident>(await this.#metadata.get('incident', id));
  }

  /** Newest first. */
  async incidents({model, limit = MOST}: {readonly model?: string; readonly limit?: number} = {}): Promise<Incident[]> {
    const prefix = model === undefined ? {} : {idPrefix: `${model}.`};
    return (await this.#metadata.list('incident', {order: 'newest', limit, ...prefix})).map(contentOf<Incident>);
  }

  async told(incident: string): Promise<Told | null> {
    return valueIn<Told>(await this.#metadata.get('incident-told', incident)) ?? null;
  }

  /** Whether a process has opened these records that tells people. */
  async hasTold(): Promise<boolean> {
    return (await this.#metadata.get('telling', 'since')) !== undefined;
  }

  /** Those that begin last first. */
  async silences(): Promise<Silence[]> {
    return (await this.#metadata.list('silence', {order: 'newest', limit: MOST})).map(contentOf<Silence>);
  }

  /** Newest first. `from`: made at or after this time. */
  async deliveries({from, limit = MOST}: {readonly from?: number; readonly limit?: number} = {}): Promise<Delivery[]> {
    const since = from === undefined ? {} : {from};
    return (await this.#metadata.list('delivery', {order: 'newest', limit, ...since})).map(contentOf<Delivery>);
  }
}

const contentOf = <T>({value}: MetadataRecord): T => value as unknown as T;
const valueIn = <T>(record: MetadataRecord | undefined): T | undefined => record && contentOf<T>(record);

export const incidentWrite = (incident: Incident): MetadataWrite => ({
  kind: 'incident',
  id: incident.id,
  at: incident.openedAt,
  value: incident as unknown as JsonValue,
});

export const toldWrite = (incident: string, told: Told): MetadataWrite => ({
  kind: 'incident-told',
  id: incident,
  at: told.at,
  value: told as unknown as JsonValue,
});

export const tellingWrite = (at: number): MetadataWrite => ({kind: 'telling', id: 'since', at, value: {}});

export const silenceWrite = (silence: Silence): MetadataWrite => ({
  kind: 'silence',
  id: silence.id,
  at: silence.from,
  value: silence as unknown as JsonValue,
});

export const deliveryWrite = (delivery: Delivery): MetadataWrite => ({
  kind: 'delivery',
  id: delivery.id,
  at: delivery.createdAt,
  value: delivery as unknown as JsonValue,
});
