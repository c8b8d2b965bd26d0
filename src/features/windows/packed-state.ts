// The state of a key as bytes, little-endian; `decodeState` needs only the layout of the view, its string codes, and a
// way to read pages. All sections but the first are there if their flag is.
//
//   uint32   format: 1
//   uint32   count n of open events
//   uint32   count k of ids: those of the last k open events
//   uint32   flags: 1 pages, 2 lifetime, 4 tiles
//   float64  open events: n times, then n values of each input; NaN is null, strings are codes
//   float64  pages: their count, the number that the next one gets; for each its number, count of events,
//            time of the first and of the last event, longest gap between neighbours (ms)
//   float64  lifetime: count of events in the prefix, their bound in time, its slots
//   float64  tiles of an hour and above: their count; for each its level, number, count of events, slots
//   bytes    objects of the lifetime, then of each tile, if the layout has collectors: uint32 length, bytes
//   JSON     an array of the k ids, if k > 0
//
// A page is an entry of its own: `packed-page.ts`.
import {MillraceError} from '../../protocol/index.ts';
import {EventPages} from './event-pages.ts';
import {KeyState} from './key-state.ts';
import type {Layout} from './layout.ts';
import {emptyPartial, type Partial, type Tile} from './partial.ts';
import type {StateContext} from './state-context.ts';
import {TileCache} from './tile-cache.ts';

const FORMAT = 1;
const HEADER_BYTES = 16;
const PAGES = 1;
const LIFETIME = 2;
const TILES = 4;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeState(state: KeyState): Uint8Array {
  const {events, lifetime, context} = state;
  const {layout, buffers} = context;
  state.settle();
  const pages = events.pages?.list ?? [];
  const tiles = state.tiles === null ? [] : [...state.tiles.wide()];
  const {ids} = events;
  const count = events.tail - events.open;
  const hasLifetime = lifetime !== null && lifetime.count > 0;
  const numbers =
    count * buffers.columns +
    (events.pages === null ? 0 : 2 + 5 * pages.length) +
    (hasLifetime ? 2 + layout.slots : 0) +
    (tiles.length === 0 ? 0 : 1 + tiles.length * (3 + layout.slots));
  const objects: Uint8Array[] = [];
  if (hasLifetime) encodeObjects(lifetime.prefix, layout, objects);
  for (const [, , tile] of tiles) encodeObjects(tile, layout, objects);
  const text = ids.length === 0 ? null : encoder.encode(JSON.stringify(ids));
  const objectBytes = objects.reduce((sum, {length}) => sum + 4 + length, 0);
  const buffer = new ArrayBuffer(HEADER_BYTES + numbers * 8 + objectBytes + (text?.length ?? 0));
  const flags = (events.pages === null ? 0 : PAGES) | (hasLifetime ? LIFETIME : 0) | (tiles.length === 0 ? 0 : TILES);
  new Uint32Array(buffer, 0, 4).set([FORMAT, count, ids.length, flags]);

  const out = new Float64Array(buffer, HEADER_BYTES, numbers);
  let at = 0;
  for (let c = 0; c < buffers.columns; c++) {
    const from = events.base + c * events.stride;
    for (let i = events.open; i < events.tail; i++) out[at++] = events.data[from + i]!;
  }
  if (events.pages !== null) {
    out[at++] = pages.length;
    out[at++] = events.pages.nextNumber;
    for (const page of pages) {
      out[at++] = page.number;
      out[at++] = page.count;
      out[at++] = page.first;
      out[at++] = page.last;
      out[at++] = page.gap;
    }
  }
  if (hasLifetime) {
    out[at++] = lifetime.count;
    out[at++] = lifetime.until;
    out.set(lifetime.prefix.slots, at);
    at += layout.slots;
  }
  if (tiles.length > 0) out[at++] = tiles.length;
  for (const [level, number, tile] of tiles) {
    out[at++] = level;
    out[at++] = number;
    out[at++] = tile.count;
    out.set(tile.slots, at);
    at += layout.slots;
  }
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  let end = HEADER_BYTES + numbers * 8;
  for (const object of objects) {
    view.setUint32(end, object.length, true);
    bytes.set(object, end + 4);
    end += 4 + object.length;
  }
  if (text !== null) bytes.set(text, end);
  return bytes;
}

/** Aligned room that the bytes of a state are copied to. */
let scratch = new Float64Array(1_024);

/** The state that was packed; the bytes are not kept. Throws STORE_CORRUPT. */
export function decodeState(bytes: Uint8Array, context: StateContext, key = ''): KeyState {
  const {layout, codes, buffers, meter} = context;
  if (scratch.byteLength < bytes.length) scratch = new Float64Array(2 ** Math.ceil(Math.log2(bytes.length / 8)));
  const copy = new Uint8Array(scratch.buffer, 0, bytes.length);
  copy.set(bytes);
  const [format, count, idCount, flags] = new Uint32Array(scratch.buffer, 0, 4) as unknown as number[];
  if (bytes.length < HEADER_BYTES || format !== FORMAT)
    throw new MillraceError('STORE_CORRUPT', `The state of key '${key}' has format ${format}, not ${FORMAT}.`, {
      fix: 'Remove the online store of the project: the live state is then made again from the event log.',
    });
  const numbers = scratch;
  let at = HEADER_BYTES / 8;
  const columnsAt = at;
  at += count! * buffers.columns;
  const state = new KeyState(layout, codes, context, key, roomFor(count!));
  const objects: Partial[] = [];
  if (flags! & PAGES) {
    const pages = new EventPages(buffers.columns, meter, context.pagesOf(key));
    const length = numbers[at++]!;
    pages.nextNumber = numbers[at++]!;
    for (let p = 0; p < length; p++, at += 5)
      pages.restore(numbers[at]!, numbers[at + 1]!, numbers[at + 2]!, numbers[at + 3]!, numbers[at + 4]!);
    state.events.pages = pages;
  }
  if (flags! & LIFETIME) {
    const lifetime = state.lifetime!;
    lifetime.count = numbers[at++]!;
    lifetime.until = numbers[at++]!;
    lifetime.prefix.slots.set(numbers.subarray(at, at + layout.slots));
    at += layout.slots;
    objects.push(lifetime.prefix);
  }
  const tiles: (readonly [level: number, number: number, tile: Tile])[] = [];
  if (flags! & TILES) {
    const length = numbers[at++]!;
    for (let t = 0; t < length; t++) {
      const tile: Tile = {...emptyPartial(layout), count: numbers[at + 2]!};
      tile.slots.set(numbers.subarray(at + 3, at + 3 + layout.slots));
      tiles.push([numbers[at]!, numbers[at + 1]!, tile]);
      objects.push(tile);
      at += 3 + layout.slots;
    }
  }
  let end = at * 8;
  for (const partial of objects) end = decodeObjects(copy, end, partial, layout);
  // A tile is counted with its objects, so these come first.
  if (tiles.length > 0) state.tiles = new TileCache(layout, meter);
  for (const [level, number, tile] of tiles) state.tiles!.keep(level, number, tile);
  const ids = idCount === 0 ? [] : (JSON.parse(decoder.decode(copy.subarray(end))) as string[]);
  state.events.restore(numbers, columnsAt, count!, ids);
  return state;
}

/** Room for so many events, and for the next ones of a key that has few. */
const roomFor = (count: number): number => 2 ** Math.ceil(Math.log2(Math.max(2, count + 1)));

function encodeObjects({objects}: Partial, {collectors}: Layout, to: Uint8Array[]): void {
  for (const {collection, index} of collectors) to.push(collection.encode(objects[index]));
}

function decodeObjects(bytes: Uint8Array, from: number, {objects}: Partial, {collectors}: Layout): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = from;
  for (const {collection, index} of collectors) {
    const length = view.getUint32(at, true);
    objects[index] = collection.decode(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return at;
}
