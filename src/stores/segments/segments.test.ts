import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {batchesOf, describeEventLog, eventsOf} from '../contract/event-log.ts';
import {someEvents} from '../contract/some-events.ts';
import {openSegmentLog, type SegmentLogOptions} from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-segments-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const variants: Record<string, SegmentLogOptions> = {
  'segments, acknowledged by the system': {},
  'segments, acknowledged by the disk': {durability: 'disk'},
  'segments of 4 KiB': {segmentBytes: 4_096},
};
for (const [name, options] of Object.entries(variants))
  describeEventLog(name, {open: () => openSegmentLog(folder, options)});

const segments = () =>
  readdirSync(folder)
    .filter(name => name.endsWith('.segment'))
    .sort()
    .map(name => join(folder, name));

/** A closed log of 30 events of one stream in frames of ten, and where the frames begin (with the end). */
async function writeThree(options: SegmentLogOptions = {}): Promise<number[]> {
  const log = await openSegmentLog(folder, options);
  const starts = [0];
  for (let i = 0; i < 3; i++) {
    await log.append(someEvents('a', 10, 10 * i));
    starts.push(statSync(segments().at(-1)!).size);
  }
  await log.close();
  return starts;
}

function flip(file: string, offset: number): void {
  const bytes = readFileSync(file);
  bytes[offset]! ^= 0xff;
  writeFileSync(file, bytes);
}

describe('opening a segment log', () => {
  test('cuts off a last frame that is torn at any byte, and says so', async () => {
    const [, , third, end] = await writeThree();
    const whole = readFileSync(segments()[0]!);
    for (let cut = third! + 1; cut < end!; cut += 13) {
      writeFileSync(segments()[0]!, whole.subarray(0, cut));
      const log = await openSegmentLog(folder);
      expect(log.recovered).toEqual({file: segments()[0], offset: third, droppedBytes: cut - third!});
      expect(log.end()).toBe(20);
      expect(await log.append(someEvents('a', 1, 20))).toBe(20);
      expect(eventsOf(await batchesOf(log)).map(event => event.id)).toEqual([...someEvents('a', 21).ids]);
      await log.close();
    }
  });

  test('reports nothing when there was nothing to cut off', async () => {
    await writeThree();
    const log = await openSegmentLog(folder);
    expect(log.recovered).toBeUndefined();
    expect(await log.verify()).toEqual({events: 30});
    await log.close();
  });

  test('cuts off a last frame whose header or payload is damaged', async () => {
    const [, , third] = await writeThree();
    const whole = readFileSync(segments()[0]!);
    for (const at of [third! + 1, third! + 9, third! + 20, third! + 60, whole.length - 1]) {
      writeFileSync(segments()[0]!, whole);
      flip(segments()[0]!, at);
      const log = await openSegmentLog(folder);
      expect(log.recovered?.offset).toBe(third);
      expect(log.end()).toBe(20);
      await log.close();
    }
  });

  test('cuts off zeros and noise after the last frame', async () => {
    const [, , , end] = await writeThree();
    appendFileSync(segments()[0]!, Buffer.alloc(5_000));
    const log = await openSegmentLog(folder);
    expect(log.recovered).toMatchObject({offset: end, droppedBytes: 5_000});
    expect(log.end()).toBe(30);
    await log.close();
  });

  test('refuses damage in front of a good frame, naming file and offset', async () => {
    const [, second] = await writeThree();
    const whole = readFileSync(segments()[0]!);
    for (const at of [second!, second! + 12, second! + 70]) {
      writeFileSync(segments()[0]!, whole);
      flip(segments()[0]!, at);
      await expect(openSegmentLog(folder)).rejects.toMatchObject({
        code: 'STORE_CORRUPT',
        message: `The log has a damaged frame at byte ${second} of ${segments()[0]}.`,
      });
    }
    expect(readFileSync(segments()[0]!).length).toBe(whole.length);
  });

  test('refuses a torn frame in a segment that is not the last', async () => {
    await writeThree({segmentBytes: 1});
    expect(segments()).toHaveLength(3);
    truncateSync(segments()[1]!, statSync(segments()[1]!).size - 1);
    await expect(openSegmentLog(folder)).rejects.toMatchObject({code: 'STORE_CORRUPT'});
  });

  test('refuses a log with a missing segment, naming it', async () => {
    await writeThree({segmentBytes: 1});
    rmSync(segments()[1]!);
    await expect(openSegmentLog(folder)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      fix: expect.stringContaining('0000000000000010.segment'),
    });
  });

  test('a failed opening leaves no lock behind', async () => {
    await writeThree({segmentBytes: 1});
    const gone = readFileSync(segments()[1]!);
    const [, path] = segments();
    rmSync(path!);
    await expect(openSegmentLog(folder)).rejects.toMatchObject({code: 'STORE_CORRUPT'});
    writeFileSync(path!, gone);
    const log = await openSegmentLog(folder);
    expect(log.end()).toBe(30);
    await log.close();
  });
});

describe('a segment log', () => {
  test('finds damage in a full segment when it is read or verified, with file and offset', async () => {
    await writeThree({segmentBytes: 1});
    const [first] = segments();
    flip(first!, statSync(first!).size - 1);
    const log = await openSegmentLog(folder);
    const damage = {code: 'STORE_CORRUPT', message: expect.stringContaining(`byte 0 of ${first}`)};
    await expect(log.verify()).rejects.toMatchObject(damage);
    await expect(batchesOf(log, {stream: 'a'})).rejects.toMatchObject(damage);
    expect(eventsOf(await batchesOf(log, {from: 10}))).toHaveLength(20);
    await log.close();
  });

  test('begins a new file when one is full, and reads across files', async () => {
    const log = await openSegmentLog(folder, {segmentBytes: 10_000});
    for (let i = 0; i < 100; i++) await log.append(someEvents('a', 20, 20 * i));
    expect(segments().length).toBeGreaterThan(5);
    for (const file of segments()) expect(statSync(file).size).toBeLessThanOrEqual(10_000);
    expect(eventsOf(await batchesOf(log, {stream: 'a', from: 5, to: 1_995})).map(event => event.id)).toEqual([
      ...someEvents('a', 1_990, 5).ids,
    ]);
    await log.close();
  });

  test('stores a batch that is larger than a segment', async () => {
    const log = await openSegmentLog(folder, {segmentBytes: 4_096});
    await log.append(someEvents('a', 10_000));
    await log.append(someEvents('a', 10_000, 10_000));
    expect(eventsOf(await batchesOf(log)).length).toBe(20_000);
    await log.close();
  });

  test('refuses a stream without a name', async () => {
    const log = await openSegmentLog(folder);
    await expect(log.append(someEvents('', 1))).rejects.toMatchObject({code: 'REQUEST_INVALID'});
    await expect(log.append(someEvents('x'.repeat(256), 1))).rejects.toMatchObject({code: 'REQUEST_INVALID'});
    expect(log.end()).toBe(0);
    await log.close();
  });

  test('stops a reader that goes on after closing', async () => {
    const log = await openSegmentLog(folder, {segmentBytes: 1});
    for (let i = 0; i < 3; i++) await log.append(someEvents('a', 20_000));
    const reading = log.read()[Symbol.asyncIterator]();
    await reading.next();
    await log.close();
    await expect(reading.next()).rejects.toMatchObject({code: 'STORE_CLOSED'});
  });
});

describe('truncating and erasing', () => {
  const bytesOnDisk = () => Buffer.concat(readdirSync(folder).map(name => readFileSync(join(folder, name))));

  test('drops only files whose events are all older', async () => {
    await writeThree({segmentBytes: 1});
    const log = await openSegmentLog(folder, {segmentBytes: 1});
    expect(await log.truncateBefore(19)).toBe(10);
    expect(segments().map(file => basename(file))).toEqual(['0000000000000010.segment', '0000000000000020.segment']);
    await log.close();
  });

  test('a truncation that was cut short after its decision is completed on opening', async () => {
    await writeThree({segmentBytes: 1});
    writeFileSync(join(folder, 'start'), '20');
    const log = await openSegmentLog(folder);
    expect([log.start(), log.end()]).toEqual([20, 30]);
    expect(segments().map(file => basename(file))).toEqual(['0000000000000020.segment']);
    await log.close();
  });

  test('a log whose first segment is missing is refused, truncated or not', async () => {
    await writeThree({segmentBytes: 1});
    writeFileSync(join(folder, 'start'), '10');
    rmSync(segments()[1]!);
    await expect(openSegmentLog(folder)).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      fix: expect.stringContaining('0000000000000010.segment'),
    });
  });

  test('an erasure that was cut short is completed on opening, and half-written files go', async () => {
    await writeThree({segmentBytes: 1});
    writeFileSync(join(folder, 'erasure'), '3\n12\n13');
    writeFileSync(`${segments()[1]!}.unfinished`, 'half a file');
    const log = await openSegmentLog(folder);
    const positions = eventsOf(await batchesOf(log)).map(event => event.position);
    expect(positions).toEqual(Array.from({length: 30}, (_, i) => i).filter(i => ![3, 12, 13].includes(i)));
    expect(readdirSync(folder).filter(name => !name.endsWith('.segment'))).toEqual(['writer.lock']);
    await log.close();
  });

  test('what was erased stands in no file of the log, however the values were encoded', async () => {
    const log = await openSegmentLog(folder);
    const names = Array.from({length: 300}, (_, i) => (i % 10 === 4 ? 'Eve-the-erased' : `name-${i % 3}`));
    for (let from = 0; from < 900; from += 300)
      await log.append({...someEvents('a', 300, from), columns: {name: names, note: names.map((n, i) => `${n} ${i}`)}});
    const chosen = Array.from({length: 90}, (_, i) => 10 * i + 4);
    expect(bytesOnDisk().includes('Eve-the-erased')).toBe(true);
    expect(bytesOnDisk().includes('a-444')).toBe(true);
    expect(await log.erase(chosen)).toBe(90);
    expect(bytesOnDisk().includes('Eve-the-erased')).toBe(false);
    expect(bytesOnDisk().includes('a-444')).toBe(false);
    expect(await log.verify()).toEqual({events: 810});
    await log.close();
  });

  test('a damaged frame with events to erase is refused, and what could not be done then is done later', async () => {
    await writeThree({segmentBytes: 1});
    const second = segments()[1]!;
    const whole = readFileSync(second);
    flip(second, whole.length - 1);
    const log = await openSegmentLog(folder, {segmentBytes: 1});
    await expect(log.erase([5, 15])).rejects.toMatchObject({code: 'STORE_CORRUPT'});
    writeFileSync(second, whole);
    expect(await log.erase([25])).toBe(2);
    expect((await log.verify()).events).toBe(27);
    await log.close();
  });
});
