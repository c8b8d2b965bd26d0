import type {LocalStore} from '../../stores/index.ts';
import {decodeJson, encodeJson, plainKey} from '../stream/stored-view.ts';
import {
  type CutRecord,
  cutsName,
  type Generation,
  numbersIn,
  RECORDS,
  type RefreshedUse,
  valuesPrefix,
} from './stored-cuts.ts';

/** Takes keys and their packed values. */
export type TakeEntries = (entries: readonly (readonly [key: string, values: Uint8Array])[]) => Promise<void>;

export type CutWriting = Pick<Generation, 'cut' | 'position'> & {
  /** Gives all entries to `take`. */
  readonly fill: (take: TakeEntries) => Promise<void>;
  /** Cuts before this one are not read any more when this one is. */
  readonly oldest: number;
  /** Called once all is written, before it is read: says when that is. */
  readonly seal: () => Promise<number>;
};

/** The cuts of one view that can be read, in their order, now and after each switch. */
export type Cuts = {readonly generations: readonly Generation[]};

type Held = {record: CutRecord; generations: readonly Generation[]};

const NOTHING: CutRecord = {generations: [], making: null, gone: []};
/** Entries removed in one transaction. */
const SLICE = 5_000;

/**
 * The values of cuts in an online store, one process's own: it writes a generation beside those that are read, and
 * switches to it in one write when it is complete.
 */
export class CutStore {
  readonly #store: LocalStore;
  readonly #held = new Map<string, Held>();
  #last: number;
  /** Settles when no record is being written. */
  #saving: Promise<void> = Promise.resolve();

  private constructor(store: LocalStore, records: Map<string, CutRecord>) {
    this.#store = store;
    for (const [name, record] of records) this.#held.set(name, {record, generations: record.generations});
    this.#last = Math.max(0, ...[...records.values()].flatMap(numbersIn));
  }

  /** What stands. Of a generation that was being written when a process was killed nothing is read; `removeGone` removes it. */
  static async open(store: LocalStore): Promise<CutStore> {
    const records = new Map<string, CutRecord>();
    for await (const [key, bytes] of store.scan(RECORDS)) {
      const {generations, making, gone} = decodeJson(bytes) as CutRecord;
      const left = making === null ? gone : [...gone, making];
      records.set(key.slice(RECORDS.length), {generations, making: null, gone: left});
    }
    return new CutStore(store, records);
  }

  /** The cuts of a view: the same object always. */
  cuts(use: RefreshedUse): Cuts {
    return this.#of(cutsName(use));
  }

  /** The values of a key; undefined where they are those of no events. The bytes hold until the next call. */
  get({number}: Generation, key: string): Uint8Array | undefined {
    return this.#store.get(`${valuesPrefix(number)}${plainKey(key)}`);
  }

  /** Writes the values of a cut, and lets them be read when all are there. One at a time for each view and its cuts. */
  async write(use: RefreshedUse, {cut, position, fill, oldest, seal}: CutWriting): Promise<Generation> {
    const name = cutsName(use);
    const number = ++this.#last;
    await this.#save(name, record => ({...record, making: number}));
    try {
      const prefix = valuesPrefix(number);
      let keys = 0;
      await fill(async entries => {
        await this.#store.putMany(entries.map(([key, values]) => [`${prefix}${plainKey(key)}`, values] as const));
        keys += entries.length;
      });
      const made: Generation = {number, cut, position, madeAt: await seal(), keys};
      await this.#save(name, ({generations, gone}) => {
        const all = [...generations.filter(each => each.cut !== cut), made].sort((a, b) => a.cut - b.cut);
        const kept = all.filter(each => each.cut >= oldest || each === made);
        const left = generations.filter(each => !kept.includes(each)).map(each => each.number);
        return {generations: kept, making: null, gone: [...gone, ...left]};
      });
      return made;
    } catch (error) {
      // What was written of it is removed later, also if this process ends here.
      await this.#save(name, record => ({...record, making: null, gone: [...record.gone, number]})).catch(() => {});
      throw error;
    }
  }

  /** Forgets the cuts of all views but these. */
  async keepOnly(uses: readonly RefreshedUse[]): Promise<void> {
    const names = new Set(uses.map(cutsName));
    for (const [name, {record}] of this.#held)
      if (!names.has(name) && record.making === null && record.generations.length > 0)
        await this.#save(name, () => ({...NOTHING, gone: numbersIn(record)}));
  }

  /** Removes what is not read any more, some thousand entries at a time. */
  async removeGone(): Promise<void> {
    for (const [name, {record}] of this.#held)
      for (const number of record.gone) {
        await this.#remove(valuesPrefix(number));
        await this.#save(name, now => ({...now, gone: now.gone.filter(other => other !== number)}));
      }
  }

  async #remove(prefix: string): Promise<void> {
    let slice: (readonly [string, undefined])[] = [];
    for await (const [key] of this.#store.scan(prefix)) {
      if (slice.push([key, undefined]) < SLICE) continue;
      await this.#store.putMany(slice);
      slice = [];
    }
    await this.#store.putMany(slice);
  }

  #of(name: string): Held {
    const held = this.#held.get(name) ?? {record: NOTHING, generations: []};
    this.#held.set(name, held);
    return held;
  }

  /** One after the other. What is read changes when the store has the change, not before. */
  #save(name: string, change: (record: CutRecord) => CutRecord): Promise<void> {
    const save = async () => {
      const held = this.#of(name);
      const record = change(held.record);
      const empty = numbersIn(record).length === 0;
      await this.#store.putMany([[`${RECORDS}${name}`, empty ? undefined : encodeJson(record)]]);
      held.record = record;
      held.generations = record.generations;
    };
    const done = this.#saving.then(save);
    this.#saving = done.catch(() => {});
    return done;
  }
}
