// A process that appends, archives, compacts and erases is killed at random moments, again and again on the same data.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {t} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {events} from '../source.ts';
import {EventArchive} from './archive.ts';

const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Says what it is about to do and when it is done. */
const WRITER = `
  import {openSegmentLog} from ${url('../../stores/segments/index.ts')};
  import {openDuckDb} from ${url('../../stores/duckdb/index.ts')};
  import {events, EventArchive} from ${url('../index.ts')};
  import {t} from ${url('../../protocol/index.ts')};
  const [folder, task] = process.argv.slice(1);
  const source = events('s', {schema: {id: t.string, at: t.time}, time: 'at', id: 'id'});
  const log = await openSegmentLog(folder + '/log', {segmentBytes: 4_000});
  const sql = await openDuckDb({threads: 1});
  const archive = new EventArchive({log, sql, folder: folder + '/archive', sources: [source]});
  await archive.open();
  const say = line => process.stdout.write(line + '\\n');
  for (;;) {
    const from = log.end();
    const at = Float64Array.from({length: 60}, (_, i) => ((from + i) * 7919 % 600) * 864_000);
    const ids = Array.from(at, (_, i) => 'e' + (from + i));
    await log.append({stream: 's', count: 60, ids, eventTimes: at, arrivalTimes: at, columns: {id: ids, at}});
    if (task === 'compact') {
      await archive.update();
      say('archived ' + log.end());
      await archive.compact();
    } else {
      await archive.update();
      const low = Math.max(0, from - 100);
      say('erasing ' + low + ' ' + log.end());
      await archive.erase(new Map([['s', Array.from({length: Math.ceil((log.end() - low) / 5)}, (_, i) => low + 5 * i)]]));
      say('erased ' + low + ' ' + log.end());
    }
  }
`;

async function runAndKill(folder: string, task: string, afterMs: number): Promise<string[]> {
  const writer = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', WRITER, folder, task]);
  let output = '';
  let errors = '';
  writer.stdout.on('data', chunk => {
    output += chunk;
  });
  writer.stderr.on('data', chunk => {
    errors += chunk;
  });
  const closed = once(writer, 'close');
  await Promise.race([once(writer.stdout, 'data'), closed]);
  await delay(afterMs);
  writer.kill('SIGKILL');
  const [, signal] = await closed;
  expect({signal, errors}).toEqual({signal: 'SIGKILL', errors: ''});
  return output.trimEnd().split('\n');
}

const source = events('s', {schema: {id: t.string, at: t.time}, time: 'at', id: 'id'});

/** Opens what the killed process has left, and returns the positions in the log and in the archive. */
async function look(folder: string): Promise<{logged: number[]; archived: number[]; end: number; resumedAt: number}> {
  const log = await openSegmentLog(join(folder, 'log'));
  const sql = await openDuckDb({threads: 1});
  const archive = new EventArchive({log, sql, folder: join(folder, 'archive'), sources: [source]});
  await archive.open();
  const resumedAt = archive.archivedTo('s');
  await archive.update();
  const logged: number[] = [];
  for await (const {positions} of log.read()) logged.push(...positions!);
  const rows = await sql.rows(`SELECT _position AS p, _id AS id FROM ${archive.relation('s')} ORDER BY 1`);
  expect(rows.map(row => row.id)).toEqual(rows.map(row => `e${row.p}`));
  expect(archive.partitions('s').reduce((sum, partition) => sum + partition.rows, 0)).toBe(rows.length);
  const end = log.end();
  await log.close();
  await sql.close();
  return {logged, archived: rows.map(row => row.p as number), end, resumedAt};
}

const MOMENTS = [2, 31, 77, 140];

test('killed while it compacts: the archive goes on where it ended, and holds each event once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-compaction-'));
  for (const moment of MOMENTS) {
    const lines = await runAndKill(folder, 'compact', moment);
    const {logged, archived, end, resumedAt} = await look(folder);
    expect(resumedAt).toBeGreaterThanOrEqual(Number(lines.at(-1)!.split(' ')[1]));
    expect(logged).toEqual(Array.from({length: end}, (_, i) => i));
    expect(archived).toEqual(logged);
  }
  rmSync(folder, {recursive: true});
});

test('killed while it erases: log and archive agree, and the erasure has happened in both or in neither', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-erasing-'));
  const gone = new Set<number>();
  const chosen = (line: string) => {
    const [, from, to] = line.split(' ').map(Number) as [number, number, number];
    return Array.from({length: Math.ceil((to - from) / 5)}, (_, i) => from + 5 * i);
  };
  for (const moment of MOMENTS) {
    const lines = await runAndKill(folder, 'erase', moment);
    const {logged, archived, end} = await look(folder);
    for (const line of lines) if (line.startsWith('erased')) for (const position of chosen(line)) gone.add(position);
    const pending = lines.at(-1)!.startsWith('erasing') ? chosen(lines.at(-1)!) : [];
    // The last one is in no erasure before this one.
    if (pending.length > 0 && !logged.includes(pending.at(-1)!)) for (const position of pending) gone.add(position);
    expect(logged).toEqual(Array.from({length: end}, (_, i) => i).filter(position => !gone.has(position)));
    expect(archived).toEqual(logged);
  }
  expect(gone.size).toBeGreaterThan(0);
  rmSync(folder, {recursive: true});
});
