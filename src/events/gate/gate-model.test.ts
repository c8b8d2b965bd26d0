// The gate against a model that is a plain list and a map: any mixture of pushes, retries and reopenings.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {ManualClock, t} from '../../protocol/index.ts';
import {openFiles} from '../../stores/files/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {inRange} from '../checks/check.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {EventGate} from './gate.ts';

const HOUR = 3_600_000;
const START = 1_700_000_000_000;
const source = events('clicks', {
  schema: {id: t.string, at: t.time, price: t.number, note: t.string.orNull()},
  time: 'at',
  id: 'id',
  lateness: '2h',
  checks: [inRange('price', {min: 0, max: 100}), inRange('price', {max: 50}, 'warn')],
});

type Click = {id: string; at: number; price: number | null; note: string | null};

const click = fc.record({
  id: fc.integer({min: 0, max: 40}).map(n => `c${n}`),
  at: fc.integer({min: -5, max: 1}).map(hours => START + hours * HOUR),
  price: fc.constantFrom(0, 10, 60, 100, -1, 101, null),
  note: fc.constantFrom(null, '', 'é', '\u2028'),
});
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({kind: fc.constantFrom('rows', 'columns'), clicks: fc.array(click, {maxLength: 8})}),
  },
  {weight: 1, arbitrary: fc.record({kind: fc.constantFrom('reopen', 'checkpoint'), clicks: fc.constant([])})},
);

test('any mixture of pushes, checkpoints and reopenings leaves each event once, counts right, and quarantines the rest', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, {maxLength: 12}), async steps => {
      const folder = mkdtempSync(join(tmpdir(), 'millrace-gate-model-'));
      const clock = new ManualClock(START);
      const objects = await openFiles(join(folder, 'objects'));
      const open = async () => {
        const log = await openSegmentLog(join(folder, 'log'));
        const quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
        return {log, quarantine, gate: await EventGate.open({log, quarantine, clock, objects, sources: [source]})};
      };
      let at = await open();
      const kept: Click[] = [];
      const refused: Click[] = [];
      const seen = new Set<string>();
      for (const {kind, clicks} of steps) {
        if (kind === 'checkpoint') {
          await at.gate.checkpoint();
          continue;
        }
        if (kind === 'reopen') {
          await at.log.close();
          await at.quarantine.close();
          at = await open();
          continue;
        }
        const fresh: Click[] = [];
        let duplicates = 0;
        let rejected = 0;
        for (const c of clicks) {
          if (c.price === null || c.price < 0 || c.price > 100) {
            refused.push(c);
            rejected++;
          } else if (seen.has(c.id)) duplicates++;
          else {
            seen.add(c.id);
            fresh.push(c);
          }
        }
        kept.push(...fresh);
        if (kind === 'rows') {
          const answer = await at.gate.push('clicks', clicks);
          expect(answer).toMatchObject({accepted: fresh.length, duplicates, position: kept.length});
          expect(answer.rejected.length).toBe(rejected);
        } else {
          const answer = await at.gate.pushColumns('clicks', columnsOf(clicks), {arrival: 'live'});
          expect(answer).toMatchObject({accepted: fresh.length, duplicates, rejected});
          expect(answer.batch?.ids ?? []).toEqual(fresh.map(c => c.id));
        }
      }
      expect(await rowsOf(at.log)).toEqual(kept);
      const quarantined = [];
      for await (const {row} of at.quarantine.read()) quarantined.push((row as {id: string}).id);
      expect(quarantined).toEqual(refused.map(c => c.id));
      const report = at.gate.report('clicks');
      expect(report.events).toBe(kept.length);
      expect(report.late).toBe(kept.filter(c => START - c.at > 2 * HOUR).length);
      expect(report.from).toBe(kept.length === 0 ? null : Math.min(...kept.map(c => c.at)));
      expect(report.to).toBe(kept.length === 0 ? null : Math.max(...kept.map(c => c.at)));
      const rejects = report.checks.filter(c => c.action === 'reject').reduce((sum, c) => sum + c.count, 0);
      expect(rejects).toBe(refused.length);
      expect(report.checks.find(c => c.action === 'warn')!.count).toBe(kept.filter(c => c.price! > 50).length);
      await at.log.close();
      await at.quarantine.close();
      rmSync(folder, {recursive: true});
    }),
    {seed: 7, numRuns: 100},
  );
});

function columnsOf(clicks: readonly Click[]) {
  const columns = {
    id: clicks.map(c => c.id),
    at: Float64Array.from(clicks, c => c.at),
    price: Float64Array.from(clicks, c => c.price ?? Number.NaN),
    note: clicks.map(c => c.note),
  };
  return {count: clicks.length, columns};
}

async function rowsOf(log: Awaited<ReturnType<typeof openSegmentLog>>): Promise<Click[]> {
  const rows: Click[] = [];
  for await (const {count, columns} of log.read())
    for (let i = 0; i < count; i++)
      rows.push({
        id: columns.id![i] as string,
        at: columns.at![i] as number,
        price: columns.price![i] as number,
        note: columns.note![i] as string | null,
      });
  return rows;
}
