// A process that is killed while it pushes, and a client that retries what was not acknowledged.
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {ManualClock, t} from '../../protocol/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {EventGate} from './gate.ts';

const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Pushes batches of 20 events and one bad row from a given number on, and says when each is acknowledged. */
const WRITER = `
  import {openSegmentLog} from ${url('../../stores/segments/index.ts')};
  import {events, EventGate, FileQuarantine} from ${url('../index.ts')};
  import {ManualClock, t} from ${url('../../protocol/index.ts')};
  const [folder, first] = process.argv.slice(1);
  const source = events('s', {schema: {id: t.string, at: t.time, n: t.int}, time: 'at', id: 'id'});
  const log = await openSegmentLog(folder + '/log');
  const quarantine = await FileQuarantine.open(folder + '/quarantine.jsonl');
  const gate = await EventGate.open({log, quarantine, sources: [source], clock: new ManualClock(1e12)});
  for (let batch = Number(first); ; batch++) {
    const rows = Array.from({length: 20}, (_, i) => ({id: batch + '-' + i, at: 1e12, n: i}));
    await gate.push('s', [...rows, {id: 'bad-' + batch, at: 1e12, n: 'x'}]);
    process.stdout.write(batch + '\\n');
  }
`;

/** Runs the writer until it has acknowledged `acknowledgements` more batches, kills it, and returns the first that it did not. */
function writeUntilKilled(folder: string, first: number, acknowledgements: number): Promise<number> {
  const writer = spawn(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    WRITER,
    folder,
    String(first),
  ]);
  let output = '';
  let errors = '';
  writer.stderr.on('data', chunk => {
    errors += chunk;
  });
  writer.stdout.on('data', chunk => {
    output += chunk;
    if (output.split('\n').length > acknowledgements) writer.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    writer.on('close', () => {
      const acknowledged = output.split('\n').slice(0, -1);
      if (acknowledged.length < acknowledgements) reject(new Error(`The writer stopped: ${errors}`));
      else resolve(Number(acknowledged.at(-1)) + 1);
    });
  });
}

test('events that are pushed again after kill -9 are in the log once, and no refused row is lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-gate-crash-'));
  let next = 0;
  for (const acknowledgements of [40, 7]) next = await writeUntilKilled(folder, next, acknowledgements);
  const log = await openSegmentLog(join(folder, 'log'));
  const quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  const source = events('s', {schema: {id: t.string, at: t.time, n: t.int}, time: 'at', id: 'id'});
  const gate = await EventGate.open({log, quarantine, sources: [source], clock: new ManualClock(1e12)});
  // The client's last retry: whatever the killed process did not acknowledge.
  const rows = Array.from({length: 20}, (_, i) => ({id: `${next}-${i}`, at: 1e12, n: i}));
  const answer = await gate.push('s', rows);
  expect(answer.accepted + answer.duplicates).toBe(20);
  const ids: string[] = [];
  for await (const batch of log.read()) ids.push(...batch.ids);
  const pushed = Array.from({length: next + 1}, (_, batch) =>
    Array.from({length: 20}, (_, i) => `${batch}-${i}`),
  ).flat();
  expect(ids.toSorted()).toEqual(pushed.toSorted());
  const refused = new Set<string>();
  for await (const {row} of quarantine.read()) refused.add((row as {id: string}).id);
  for (let batch = 0; batch < next; batch++) expect(refused).toContain(`bad-${batch}`);
  await log.close();
  await quarantine.close();
  rmSync(folder, {recursive: true});
});
