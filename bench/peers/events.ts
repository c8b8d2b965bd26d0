// The stream that both sides are fed: events in order of time, keys with Zipf's frequencies, one number each.
// A file of records of three float64, little-endian: time (UTC ms), key (0, 1, 2, ...), value.
// Run: npx tsx bench/peers/events.ts <file> [--events n] [--keys n] [--days n] [--skew x]
// The same arguments give the same bytes. The key of rank r has a share of 1 / r^skew: 1 is Zipf's law, 0 makes all alike.
import {closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {seededRandom} from '../../src/math/index.ts';

export type EventsSpec = {readonly events: number; readonly keys: number; readonly days: number; readonly skew: number};

export const RECORD_BYTES = 24;

const START = Date.UTC(2026, 0, 1);
const CHUNK = 100_000;

/** Writes the file unless it is there. */
export function writeEvents(file: string, {events, keys, days, skew}: EventsSpec): void {
  if (existsSync(file) && statSync(file).size === events * RECORD_BYTES) return;
  mkdirSync(dirname(file), {recursive: true});
  const random = seededRandom(20260101);
  const cumulative = new Float64Array(keys);
  let total = 0;
  for (let rank = 0; rank < keys; rank++) {
    total += 1 / (rank + 1) ** skew;
    cumulative[rank] = total;
  }
  const keyOf = (u: number): number => {
    let low = 0;
    let high = keys - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > u) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const half = `${file}.half`;
  const out = openSync(half, 'w');
  const stepMs = (days * 86_400_000) / events;
  for (let from = 0; from < events; from += CHUNK) {
    const count = Math.min(CHUNK, events - from);
    const records = new Float64Array(count * 3);
    for (let i = 0; i < count; i++) {
      records[3 * i] = START + Math.floor((from + i + random()) * stepMs);
      records[3 * i + 1] = keyOf(random() * total);
      records[3 * i + 2] = Math.round(random() * 100_000) / 100;
    }
    writeSync(out, Buffer.from(records.buffer));
  }
  closeSync(out);
  renameSync(half, file);
}

if (process.argv[1] === import.meta.filename) {
  const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {
      events: {type: 'string', default: '2000000'},
      keys: {type: 'string', default: '1000000'},
      days: {type: 'string', default: '14'},
      skew: {type: 'string', default: '1'},
    },
  });
  const [file] = positionals;
  if (file === undefined) throw new Error('Name the file to write.');
  const {events, keys, days, skew} = values;
  writeEvents(resolve(file), {events: Number(events), keys: Number(keys), days: Number(days), skew: Number(skew)});
}
