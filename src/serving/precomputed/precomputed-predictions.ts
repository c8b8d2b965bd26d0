/** Predictions that were made before anybody asked, by request, in the online store. */
import {createHash} from 'node:crypto';
import {canonicalJson, MillraceError, type Schema} from '../../protocol/index.ts';
import type {LocalStore, OnlineStore} from '../../stores/index.ts';
import type {RequestFields} from '../request.ts';
import {type RequestText, requestText} from './request-text.ts';

/** Who made a table: a batch run, or hybrid serving for what is asked often. Each model has one of each. */
export type TableName = 'batch' | 'frequent';

export type PrecomputedPrediction = {
  readonly prediction: number;
  readonly version: number;
  /** As of when it was predicted (UTC ms): the query time of its features. */
  readonly at: number;
};

export type PrecomputedEntry = PrecomputedPrediction & {readonly request: RequestFields};

/** What is known of a table as a whole. */
export type TableRecord = {
  readonly entries: number;
  /** When it was made (UTC ms). */
  readonly madeAt: number;
};

export type ReplaceOptions = {
  readonly madeAt: number;
  /** A table has no more: REQUEST_TOO_LARGE, and the one before stays. */
  readonly maxEntries?: number;
};

type Header = TableRecord & {readonly generation: number; readonly fields: string};

const PREFIX = 'precomputed/';
const MAX_ENTRIES = 1_000_000;
/** Entries written in one go; others have their turn in between. */
const WRITTEN_AT_ONCE = 2_000;
/** Longer requests are found by their SHA-256, and compared with the one that was stored. A store takes 1,900 bytes. */
const MAX_TEXT_BYTES = 1_200;
/** Prediction, version and time as doubles, before the text of a long request. */
const VALUE_BYTES = 24;

/**
 * A table of predictions by request. Requests are compared as they are, field by field, so no other request's answer is
 * ever given. A table is replaced as a whole: until the last entry of the new one is written the old one answers, and
 * killed in between it goes on to. One process writes.
 */
export class PrecomputedPredictions {
  readonly #store: LocalStore;
  readonly #text: RequestText;
  readonly #place: string;
  /** Fields and types: a table for requests of another kind answers nothing. */
  readonly #fields: string;
  #header: Header | null = null;
  #prefix = '';

  constructor(store: LocalStore, {model, name, schema}: {model: string; name: TableName; schema: Schema}) {
    this.#store = store;
    this.#text = requestText(schema);
    this.#fields = canonicalJson(
      Object.entries(schema)
        .map(([field, {type}]) => ({field, type}))
        .sort(byField),
    );
    this.#place = `${PREFIX}${encodeURIComponent(model)}/${name}`;
    this.#open();
  }

  /** The table that answers; null if there is none. */
  get record(): TableRecord | null {
    return this.#header && {entries: this.#header.entries, madeAt: this.#header.madeAt};
  }

  /** Milliseconds since the table was made; null if there is none. */
  age(now: number): number | null {
    return this.#header && now - this.#header.madeAt;
  }

  /** What was predicted for exactly this request; null if nothing was. Answers at once. */
  get(request: RequestFields): PrecomputedPrediction | null {
    return this.#header === null ? null : this.find(this.#text.encode(request));
  }

  /** The same by the request's text, for those who have it. */
  find(text: string): PrecomputedPrediction | null {
    if (this.#header === null) return null;
    const long = isLong(text);
    const bytes = this.#store.get(this.#prefix + (long ? hashOf(text) : text));
    if (bytes === undefined) return null;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (long && buffer.toString('utf8', VALUE_BYTES) !== text) return null;
    return {prediction: buffer.readDoubleLE(0), version: buffer.readDoubleLE(8), at: buffer.readDoubleLE(16)};
  }

  /**
   * Makes these entries the table; of those of one request the last counts. Throws REQUEST_TOO_LARGE when there are more than
   * `maxEntries` (1,000,000 unless told).
   */
  async replace(
    entries: AsyncIterable<PrecomputedEntry> | Iterable<PrecomputedEntry>,
    {madeAt, maxEntries = MAX_ENTRIES}: ReplaceOptions,
  ): Promise<TableRecord> {
    const generation = (this.#header?.generation ?? 0) + 1;
    const prefix = this.#prefixOf(generation);
    await this.#clear();
    let written = 0;
    let waiting = new Map<string, Uint8Array>();
    const write = async () => {
      for (const key of waiting.keys()) if (this.#store.get(key) === undefined) written++;
      if (written > maxEntries) throw tooMany(maxEntries);
      await this.#store.putMany([...waiting]);
      waiting = new Map();
    };
    try {
      for await (const entry of entries) {
        const text = this.#text.encode(entry.request);
        waiting.set(prefix + (isLong(text) ? hashOf(text) : text), bytesOf(entry, text));
        if (waiting.size >= WRITTEN_AT_ONCE) await write();
      }
      await write();
      const header: Header = {entries: written, madeAt, generation, fields: this.#fields};
      await this.#store.putMany([[this.#place, Buffer.from(JSON.stringify(header))]]);
    } finally {
      this.#open();
      await this.#clear();
    }
    return this.record!;
  }

  #open(): void {
    const bytes = this.#store.get(this.#place);
    const header = bytes && (JSON.parse(Buffer.from(bytes).toString()) as Header);
    this.#header = header?.fields === this.#fields ? header : null;
    this.#prefix = this.#header === null ? '' : this.#prefixOf(this.#header.generation);
  }

  #prefixOf(generation: number): string {
    return `${this.#place}/${generation.toString(36)}/`;
  }

  /** Removes what is not of the table that answers: one that it replaced, that was never finished, or of other fields. */
  async #clear(): Promise<void> {
    const kept = this.#header && this.#prefix;
    if (kept === null) await this.#store.putMany([[this.#place, undefined]]);
    await removeKeys(this.#store, `${this.#place}/`, key => kept === null || !key.startsWith(kept));
  }
}

/** Removes the tables of all models: they hold what people asked about. */
export const dropPrecomputed = (store: OnlineStore): Promise<void> => removeKeys(store, PREFIX, () => true);

async function removeKeys(store: OnlineStore, prefix: string, gone: (key: string) => boolean): Promise<void> {
  const keys: string[] = [];
  const remove = () => store.putMany(keys.splice(0).map(key => [key, undefined] as const));
  for await (const [key] of store.scan(prefix)) {
    if (gone(key)) keys.push(key);
    if (keys.length >= WRITTEN_AT_ONCE) await remove();
  }
  await remove();
}

const byField = (a: {field: string}, b: {field: string}): number => (a.field < b.field ? -1 : 1);

const isLong = (text: string): boolean => text.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(text) > MAX_TEXT_BYTES;

/** Begins otherwise than any text of a request. */
const hashOf = (text: string): string => `#${createHash('sha256').update(text).digest('base64')}`;

function bytesOf({prediction, version, at}: PrecomputedEntry, text: string): Uint8Array {
  const value = Buffer.alloc(VALUE_BYTES + (isLong(text) ? Buffer.byteLength(text) : 0));
  value.writeDoubleLE(prediction, 0);
  value.writeDoubleLE(version, 8);
  value.writeDoubleLE(at, 16);
  if (value.length > VALUE_BYTES) value.write(text, VALUE_BYTES);
  return value;
}

const tooMany = (most: number): MillraceError =>
  new MillraceError(
    'REQUEST_TOO_LARGE',
    `There are more than ${most} requests; the table of predictions made beforehand has no more.`,
    {
      fix: 'Make them for fewer requests, or raise the bound.',
    },
  );
