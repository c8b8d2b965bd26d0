import {setTimeout as pause} from 'node:timers/promises';
import {MillraceError} from '../protocol/index.ts';
import type {LocalStore, OnlineStore} from './online-store.ts';

/** Entries sent at a time. */
const CHUNK = 1_000;
/** Bytes sent at a time, where entries are large. */
const CHUNK_BYTES = 8 * 2 ** 20;
/** Keys remembered while the copy cannot be reached; beyond this, and twice the keys there are, all is sent again. */
const MOST_PENDING = 1_000_000;
const LONGEST_PAUSE_MS = 10_000;
/** How often a copy that is even is asked whether it still is. */
const WATCH_MS = 2_000;
/** Counts the writes to the copy, in the copy: a server that came back empty, or with less, has another number. */
const MARK = '_copy';

type Entries = readonly (readonly [key: string, value: Uint8Array | undefined])[];

/** Keys that are treated otherwise, by what they begin with. */
export type CopiedKeys = {
  /** Sent after all others of their write, so that the copy never claims more than it holds. */
  readonly last: string;
  /** Not copied. */
  readonly own?: string;
};

export type CopyState = {
  readonly state: 'copying' | 'even' | 'waiting' | 'closed';
  /** Keys that the copy does not have yet; null: all of them may be. */
  readonly behind: number | null;
  /** Why it waits. */
  readonly error: {readonly code: string; readonly message: string} | null;
};

/**
 * A local store with a copy elsewhere, for those who read there: the local one is the truth and acknowledges, the copy
 * follows as fast as it can. While it cannot be reached, the keys that changed are remembered; when it is back they are
 * sent. At the start, when there are too many of them, and when the copy is not as it was left (its server came back
 * empty, or from a backup), all entries are.
 *
 *   copying ──all sent──► even ──write, or less there──► copying      any ──failure──► waiting ──pause──► copying
 */
export class CopiedStore implements LocalStore {
  readonly #local: LocalStore;
  readonly #copy: OnlineStore;
  readonly #last: string;
  readonly #own: string | null;
  #pending: Set<string> | null = null;
  /** What is being written here: it may be read before its keys are pending for good. */
  readonly #writing = new Set<Entries>();
  #sending: Promise<void> | null = null;
  #error: CopyState['error'] = null;
  /** What MARK says in the copy; null: not known. */
  #mark: number | null = null;
  #mostPending: number;
  readonly #watch: NodeJS.Timeout;
  readonly #stop = new AbortController();

  constructor(
    local: LocalStore,
    copy: OnlineStore,
    {last, own}: CopiedKeys,
    watchMs = WATCH_MS,
    mostPending = MOST_PENDING,
  ) {
    this.#mostPending = mostPending;
    this.#local = local;
    this.#copy = copy;
    this.#last = last;
    this.#own = own ?? null;
    this.#send();
    this.#watch = setInterval(() => this.#send(), watchMs).unref();
  }

  state(): CopyState {
    const behind = this.#pending === null ? null : this.#pending.size;
    const state = this.#stop.signal.aborted
      ? 'closed'
      : this.#error !== null
        ? 'waiting'
        : behind === 0 && this.#sending === null
          ? 'even'
          : 'copying';
    return {state, behind, error: this.#error};
  }

  get(key: string): Uint8Array | undefined {
    return this.#local.get(key);
  }

  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return this.#local.getMany(keys);
  }

  scan(prefix: string): AsyncIterable<readonly [key: string, value: Uint8Array]> {
    return this.#local.scan(prefix);
  }

  async putMany(entries: Entries): Promise<void> {
    // Before the write: whoever reads the new last key here must find the others pending. One too many does no harm.
    this.#change(entries);
    this.#writing.add(entries);
    try {
      await this.#local.putMany(entries);
    } finally {
      this.#writing.delete(entries);
      this.#change(entries);
    }
    if (this.#pending !== null && this.#pending.size > this.#mostPending) this.#pending = null;
    this.#send();
  }

  /** Resolves when the copy has all that was written before the call. Rejects when it is closed before that. */
  async even(): Promise<void> {
    while (this.#sending !== null) await this.#sending;
    if (this.#pending === null || this.#pending.size > 0)
      throw new MillraceError('STORE_CLOSED', 'The copy was closed before it had everything.');
  }

  async close(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#watch);
    await this.#sending;
    await this.#copy.close();
    await this.#local.close();
  }

  #isCopied(key: string): boolean {
    return this.#own === null || !key.startsWith(this.#own);
  }

  #change(entries: Entries): void {
    if (this.#pending === null) return;
    for (const [key] of entries) if (this.#isCopied(key)) this.#pending.add(key);
  }

  #send(): void {
    this.#sending ??= this.#sendOn().finally(() => {
      this.#sending = null;
    });
  }

  async #sendOn(): Promise<void> {
    const {signal} = this.#stop;
    for (let failures = 0; !signal.aborted; )
      try {
        if (!(await this.#isAsLeft())) this.#pending = null;
        if (this.#pending === null) await this.#sendAll();
        else await this.#sendPending(this.#pending);
        this.#error = null;
        failures = 0;
        if (this.#pending?.size === 0) return;
        if (this.#writing.size > 0) await pause(1, undefined, {signal}).catch(() => {});
      } catch (error) {
        if (!(error instanceof MillraceError)) throw error;
        this.#error = {code: error.code, message: error.message};
        const ms = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** failures++);
        await pause(ms, undefined, {signal}).catch(() => {});
      }
  }

  /** Whether the copy has all writes that it acknowledged. One that failed may have been made. */
  async #isAsLeft(): Promise<boolean> {
    const found = await this.#found();
    if (this.#mark === null || (found !== this.#mark && found !== this.#mark + 1)) return false;
    this.#mark = found;
    return true;
  }

  async #found(): Promise<number> {
    const [bytes] = await this.#copy.getMany([MARK]);
    return bytes === undefined ? 0 : Number(Buffer.from(bytes).toString());
  }

  async #put(entries: readonly (readonly [key: string, value: Uint8Array | undefined])[]): Promise<void> {
    const mark = this.#mark! + 1;
    await this.#copy.putMany([...entries, [MARK, Buffer.from(String(mark))]]);
    this.#mark = mark;
  }

  async #putSliced(entries: readonly (readonly [key: string, value: Uint8Array | undefined])[]): Promise<void> {
    let from = 0;
    let bytes = 0;
    for (const [i, [, value]] of entries.entries()) {
      bytes += value?.byteLength ?? 0;
      if (bytes < CHUNK_BYTES && i < entries.length - 1) continue;
      await this.#put(entries.slice(from, i + 1));
      from = i + 1;
      bytes = 0;
    }
  }

  async #sendPending(pending: Set<string>): Promise<void> {
    // Of a write that is under way the others may have been sent already as they were before: its last keys wait for it.
    const written = new Set([...this.#writing].flatMap(entries => entries.map(([key]) => key)));
    const lastKeys = [...pending].filter(key => key.startsWith(this.#last) && !written.has(key));
    const last = await this.#local.getMany(lastKeys);
    // In their order: strings come before states that name them, and pages before the states that refer to them.
    const keys = [...pending].filter(key => !key.startsWith(this.#last)).sort();
    for (let from = 0; from < keys.length && !this.#stop.signal.aborted; from += CHUNK) {
      const chunk = keys.slice(from, from + CHUNK);
      // What changes from here on is pending again.
      for (const key of chunk) pending.delete(key);
      try {
        const values = await this.#local.getMany(chunk);
        await this.#putSliced(chunk.map((key, i) => [key, values[i]] as const));
      } catch (error) {
        for (const key of chunk) pending.add(key);
        throw error;
      }
    }
    if (lastKeys.length === 0 || this.#stop.signal.aborted) return;
    await this.#put(lastKeys.map((key, i) => [key, last[i]] as const));
    // A newer one may have been written meanwhile, with its own entries.
    const now = await this.#local.getMany(lastKeys);
    for (const [i, key] of lastKeys.entries())
      if (Buffer.compare(now[i] ?? NOTHING, last[i] ?? NOTHING) === 0) pending.delete(key);
  }

  /** Removes from the copy what is not here, and sends everything that is. */
  async #sendAll(): Promise<void> {
    this.#pending = new Set();
    const pending = this.#pending;
    try {
      this.#mark = await this.#found();
      for await (const [key] of this.#copy.scan('')) if (key !== MARK) pending.add(key);
      for await (const [key] of this.#local.scan('')) if (this.#isCopied(key)) pending.add(key);
      // Most keys that change meanwhile are among these: they must not make it begin anew.
      this.#mostPending = Math.max(this.#mostPending, 2 * pending.size);
    } catch (error) {
      this.#pending = null;
      throw error;
    }
  }
}

const NOTHING = new Uint8Array();
