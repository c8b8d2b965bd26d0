import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {ManualClock, t} from '../../protocol/index.ts';
import {openFiles} from '../../stores/files/index.ts';
import type {EventLog, ObjectStore} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {inRange} from '../checks/check.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {EventGate} from './gate.ts';

const DAY = 86_400_000;
const source = events('s', {
  schema: {id: t.string, at: t.time, n: t.int},
  time: 'at',
  id: 'id',
  checks: [inRange('n', {max: 9}, 'warn')],
});

let folder = '';
let log: EventLog;
let quarantine: FileQuarantine;
let objects: ObjectStore;
let gate: EventGate;
let clock: ManualClock;

async function open(logFolder = 'log'): Promise<void> {
  log = await openSegmentLog(join(folder, logFolder));
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  objects = await openFiles(join(folder, 'objects'));
  gate = await EventGate.open({log, sources: [source], clock, quarantine, objects});
}

/** As kill -9 would: nothing is saved. */
async function drop(): Promise<void> {
  await log.close();
  await quarantine.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-checkpoint-'));
  clock = new ManualClock(100 * DAY);
  await open();
});
afterEach(async () => {
  await drop();
  rmSync(folder, {recursive: true, force: true});
});

const push = (id: string, n: number | string = 1) => gate.push('s', [{id, at: clock.now(), n}]);

test('closing keeps all counts, those of duplicates and warnings included', async () => {
  for (const [id, n] of [
    ['a', 1],
    ['a', 1],
    ['b', 10],
    ['c', 'x'],
  ] as const)
    await push(id, n);
  const before = gate.report('s');
  expect(before).toMatchObject({events: 2, duplicates: 1});
  await gate.close();
  await drop();
  await open();
  expect(gate.report('s')).toEqual(before);
});

test('what came after a checkpoint is counted from the log and the quarantine; ids from before it are known', async () => {
  await push('a');
  await push('bad1', 'x');
  await gate.checkpoint();
  await push('b');
  await push('bad2', 'y');
  const before = gate.report('s');
  await drop();
  await open();
  expect(gate.report('s')).toEqual(before);
  expect(
    await gate.push(
      's',
      ['a', 'b'].map(id => ({id, at: 0, n: 1})),
    ),
  ).toMatchObject({duplicates: 2});
});

test('opening reads no more of the log than the ids of the horizon need', async () => {
  const ends: number[] = [];
  for (let day = 0; day < 6; day++) {
    clock.advanceTo((100 + day) * DAY);
    ends.push(log.end());
    for (const part of ['x', 'y', 'z']) await push(`${day}${part}`);
  }
  await gate.close();
  let first = Number.POSITIVE_INFINITY;
  const watched: EventLog = {
    append: batch => log.append(batch),
    async *read(range) {
      for await (const batch of log.read(range)) {
        first = Math.min(first, batch.position);
        yield batch;
      }
    },
    start: () => log.start(),
    end: () => log.end(),
    truncateBefore: position => log.truncateBefore(position),
    erase: positions => log.erase(positions),
    sync: () => log.sync(),
    close: () => log.close(),
  };
  for (const _ of ['once', 'and once more']) {
    first = Number.POSITIVE_INFINITY;
    gate = await EventGate.open({log: watched, sources: [source], clock, quarantine, objects});
    expect(first).toBe(ends[4]);
    await gate.close();
  }
  expect(gate.report('s').events).toBe(18);
  expect(await push('4x')).toMatchObject({duplicates: 1});
  expect(await push('5z')).toMatchObject({duplicates: 1});
});

test('a checkpoint of another log counts nothing', async () => {
  await push('a');
  await push('b');
  await gate.close();
  await drop();
  await open('another-log');
  expect(gate.report('s')).toMatchObject({events: 0, duplicates: 0});
});

test('a damaged checkpoint is an error that says what removing it costs', async () => {
  await objects.put('events/gate.json', Buffer.from('{"format":'));
  await drop();
  await expect(open()).rejects.toMatchObject({
    code: 'STORE_CORRUPT',
    fix: 'Remove it: counts are then read from the log, and those of duplicates and stopped pushes begin at 0.',
  });
});
