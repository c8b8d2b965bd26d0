// Writes what changed in a stream executor to an online store, with the log position it stands for, in one
// transaction; a restart loads it and takes the log from there. States are kept under the hash of their view's
// definition: a view that was changed or is new begins at position 0, and all others with it.
import {createHash} from 'node:crypto';
import type {JsonValue} from '../../protocol/index.ts';
import type {OnlineStore} from '../../stores/index.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';
import type {KeyState} from '../windows/key-state.ts';
import {StreamExecutor} from './executor.ts';
import type {HeldEvent} from './held-events.ts';

const POSITION = 'stream/position';

/** Keys longer than this (bytes), or that UTF-8 cannot hold, are kept under their hash. */
const MAX_KEY_BYTES = 1_500;
const STATES = 'state/';

const prefixOf = (version: string): string => `${STATES}${version}/`;

function stateKey(version: string, key: string): string {
  const plain = Buffer.byteLength(key) <= MAX_KEY_BYTES && !/\p{Surrogate}/u.test(key);
  return `${prefixOf(version)}${plain ? key : `#${createHash('sha256').update(JSON.stringify(key)).digest('hex')}`}`;
}

type Head = {
  readonly position: number;
  readonly clock: number | null;
  /** By version of the view: those that the states were written for. */
  readonly strings: {readonly [version: string]: readonly string[]};
  readonly held: readonly (Omit<HeldEvent, 'inputs'> & {readonly inputs: readonly (number | null)[]})[];
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** `count` as float64, times, inputs, then the key and the ids as JSON. */
function encodeState(key: string, {events}: KeyState, width: number): Uint8Array {
  const count = events.tail - events.head;
  const texts = [key, ...Array.from({length: count}, (_, i) => events.id(events.head + i))];
  const json = encoder.encode(JSON.stringify(texts));
  const numbers = new Float64Array(1 + count * (1 + width));
  numbers[0] = count;
  for (let c = 0; c <= width; c++)
    numbers.set(events.data.subarray(c * events.stride + events.head, c * events.stride + events.tail), 1 + c * count);
  const bytes = new Uint8Array(numbers.byteLength + json.byteLength);
  bytes.set(new Uint8Array(numbers.buffer));
  bytes.set(json, numbers.byteLength);
  return bytes;
}

function decodeState(
  bytes: Uint8Array,
  width: number,
  push: (key: string, time: number, id: string, inputs: Float64Array, at: number) => void,
): void {
  const copy = bytes.slice();
  const count = new Float64Array(copy.buffer, 0, 1)[0]!;
  const numbers = new Float64Array(copy.buffer, 0, 1 + count * (1 + width));
  const [key, ...ids] = JSON.parse(decoder.decode(copy.subarray(numbers.byteLength))) as [string, ...string[]];
  const row = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < width; c++) row[c] = numbers[1 + (c + 1) * count + i]!;
    push(key, numbers[1 + i]!, ids[i]!, row, 0);
  }
}

/** Writes all keys that changed since the last checkpoint. Returns how many. If it fails, the next one writes them. */
export async function saveCheckpoint(executor: StreamExecutor, store: OnlineStore): Promise<number> {
  const entries: [string, Uint8Array][] = [];
  const written: {readonly changed: Set<string>; readonly keys: readonly string[]}[] = [];
  for (const {view, layout, keys, changed} of executor.views) {
    const version = viewKey(view);
    for (const key of changed)
      entries.push([stateKey(version, key), encodeState(key, keys.get(key)!, layout.inputs.length)]);
    written.push({changed, keys: [...changed]});
    changed.clear();
  }
  const head: Head = {
    position: executor.position,
    clock: Number.isFinite(executor.clock) ? executor.clock : null,
    strings: Object.fromEntries(executor.views.map(({view, codes}) => [viewKey(view), codes.strings])),
    held: executor.held.map(event => ({...event, inputs: [...event.inputs].map(x => (Number.isNaN(x) ? null : x))})),
  };
  entries.push([POSITION, encoder.encode(JSON.stringify(head satisfies JsonValue))]);
  try {
    await store.putMany(entries);
  } catch (error) {
    for (const {changed, keys} of written) for (const key of keys) changed.add(key);
    throw error;
  }
  return entries.length - 1;
}

/**
 * An executor as of the last checkpoint; a fresh one at position 0 where there is none for these views. `end`:
 * where the log ends; a checkpoint beyond it was made from another log. What cannot be used is removed.
 */
export async function loadCheckpoint(
  views: readonly FeatureView[],
  store: OnlineStore,
  end = Number.POSITIVE_INFINITY,
): Promise<StreamExecutor> {
  const [bytes] = await store.getMany([POSITION]);
  const head = bytes && (JSON.parse(decoder.decode(bytes)) as Head);
  if (!head) return new StreamExecutor(views);
  const versions = views.map(viewKey);
  if (head.position > end || versions.some(version => !(version in head.strings))) {
    await discard(store);
    return new StreamExecutor(views);
  }
  const strings = Object.fromEntries(versions.map(version => [version, head.strings[version]!]));
  const executor = new StreamExecutor(views, strings);
  const arrival = head.clock ?? Number.NEGATIVE_INFINITY;
  for (const state of executor.views) {
    for await (const [, value] of store.scan(prefixOf(state.key)))
      decodeState(value, state.layout.inputs.length, (key, time, id, inputs, at) =>
        state.push(key, time, arrival, id, inputs, at),
      );
    state.changed.clear();
  }
  for (const event of head.held)
    executor.hold({...event, inputs: Float64Array.from(event.inputs, x => x ?? Number.NaN)});
  if (head.clock !== null) executor.advanceTo(head.clock);
  executor.position = head.position;
  return executor;
}

async function discard(store: OnlineStore): Promise<void> {
  const gone: [string, undefined][] = [[POSITION, undefined]];
  for await (const [key] of store.scan(STATES)) gone.push([key, undefined]);
  await store.putMany(gone);
}
