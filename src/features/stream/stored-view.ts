// Where the live state of a view lies in an online store. A view has a number n there (in base 36), so that keys are
// short, and a state that cannot be used is left behind by taking another number.
//
//   stream/view/<name>@<version>   record of the view, as JSON
//   stream/gone                    numbers whose entries are to be removed, as JSON
//   s<n>/<key>                     state of a key: windows/packed-state.ts
//   p<n>/<page>/<key>              page of a key: windows/packed-page.ts
//   c<n>/<first code>              strings of consecutive codes, as JSON
import {createHash} from 'node:crypto';
import type {LocalStore, OnlineStore} from '../../stores/index.ts';
import type {HeldEvent} from './held-events.ts';

/** What is known of a view in a store. Its states are those of log position `position`. */
export type ViewRecord = {
  readonly number: number;
  readonly position: number;
  readonly clock: number | null;
  /** How many strings have codes. */
  readonly codes: number;
  readonly held: readonly StoredEvent[];
  /** It has not taken as much of the log as others: it must not be read. */
  readonly filling: boolean;
};

/** JSON has no NaN, no infinities and no -0: these inputs are texts. */
type StoredEvent = Omit<HeldEvent, 'inputs' | 'view'> & {readonly inputs: readonly (number | string)[]};

const RECORDS = 'stream/view/';
const GONE = 'stream/gone';
/** Keys longer than this (bytes), or that UTF-8 cannot hold, are kept under their hash. */
const MAX_KEY_BYTES = 1_500;
/** Entries removed in one transaction. */
const SLICE = 2_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encodeJson = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));
export const decodeJson = (bytes: Uint8Array): unknown => JSON.parse(decoder.decode(bytes));

export const recordKey = (viewKey: string): string => `${RECORDS}${viewKey}`;
export const stateKey = (number: number, key: string): string => `s${number.toString(36)}/${plainKey(key)}`;
export const pageKey = (number: number, key: string, page: number): string =>
  `p${number.toString(36)}/${page.toString(36)}/${plainKey(key)}`;
export const codesPrefix = (number: number): string => `c${number.toString(36)}/`;
export const codesKey = (number: number, first: number): string =>
  `${codesPrefix(number)}${String(first).padStart(12, '0')}`;

/** A key as a store takes it: itself, or its hash where it is too long or no UTF-8 can hold it. */
export function plainKey(key: string): string {
  const short = key.length * 3 <= MAX_KEY_BYTES || Buffer.byteLength(key) <= MAX_KEY_BYTES;
  if (short && (!/[\ud800-\udfff]/.test(key) || !/\p{Surrogate}/u.test(key))) return `=${key}`;
  return `#${createHash('sha256').update(JSON.stringify(key)).digest('hex')}`;
}

export function storedHeld({view: _, inputs, ...event}: HeldEvent): StoredEvent {
  return {...event, inputs: Array.from(inputs, x => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x)))};
}

export const heldEvent = (view: string, {inputs, ...event}: StoredEvent): HeldEvent => ({
  ...event,
  view,
  inputs: Float64Array.from(inputs, Number),
});

/** All views of which a store holds state, by their keys. */
export async function storedViews(store: OnlineStore): Promise<ReadonlyMap<string, ViewRecord>> {
  const records = new Map<string, ViewRecord>();
  for await (const [key, bytes] of store.scan(RECORDS))
    records.set(key.slice(RECORDS.length), decodeJson(bytes) as ViewRecord);
  return records;
}

/** Numbers whose entries are still to be removed. */
export async function goneNumbers(store: OnlineStore): Promise<readonly number[]> {
  const [bytes] = await store.getMany([GONE]);
  return bytes === undefined ? [] : (decodeJson(bytes) as number[]);
}

/** The entry that makes these the numbers whose entries are to be removed. */
export const goneEntry = (numbers: readonly number[]): readonly [string, Uint8Array] => [GONE, encodeJson(numbers)];

/**
 * Forgets the states of these views (`name@version`) and removes them bit by bit; killed in the middle, `removeGone`
 * ends it. Views that are kept live must not be among them. Returns how many there were.
 */
export async function dropUnused(store: LocalStore, viewKeys: readonly string[]): Promise<number> {
  const records = await storedViews(store);
  const found = viewKeys.filter(key => records.has(key));
  const gone = [...(await goneNumbers(store)), ...found.map(key => records.get(key)!.number)];
  await store.putMany([goneEntry(gone), ...found.map(key => [recordKey(key), undefined] as const)]);
  await removeGone(store);
  return found.length;
}

/** Removes the entries of numbers that nothing uses any more, a few thousand at a time. */
export async function removeGone(store: LocalStore): Promise<void> {
  for (const number of await goneNumbers(store)) {
    for (const kind of ['s', 'p', 'c']) {
      let slice: (readonly [string, undefined])[] = [];
      for await (const [key] of store.scan(`${kind}${number.toString(36)}/`)) {
        if (slice.push([key, undefined]) < SLICE) continue;
        await store.putMany(slice);
        slice = [];
      }
      await store.putMany(slice);
    }
    await store.putMany([goneEntry((await goneNumbers(store)).filter(other => other !== number))]);
  }
}
