import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {PositionedBatch} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import type {RefreshOptions} from '../definitions/refresh.ts';
import type {WindowFeature} from '../definitions/view.ts';
import {disagreements} from './agreement.ts';
import {naiveFeatures} from './naive.ts';
import {naiveCut} from './naive-cut.ts';
import {type SkewRun, skews, withSkewRun} from './skew-run.ts';
import {ARRIVALS, ROUNDINGS, type Rounding, type SkewWorld, skewWorld} from './skew-world.ts';

let sql: SqlEngine;
const folders: string[] = [];
beforeAll(async () => {
  sql = await openDuckDb({threads: 1});
});
afterAll(async () => {
  await sql.close();
  for (const folder of folders) rmSync(folder, {recursive: true});
});

/** How near a sketch comes is another test's concern: at a handful of values it may be one off. */
const counted = ({aggregation, divisor}: WindowFeature) =>
  aggregation.name !== 'distinctSketch' && divisor?.aggregation.name !== 'distinctSketch';

/** What the double loop says against one in so many served rows, in words. */
async function againstTheLoop({set}: SkewWorld, {served, log, cutsMade}: SkewRun, every: number): Promise<string[]> {
  const batches: PositionedBatch[] = [];
  for await (const batch of log.read()) batches.push(batch);
  const wrong: string[] = [];
  for (let row = 0; row < served.count; row += every)
    for (const use of set.views) {
      const {view: whole, fields} = use;
      const view = {...whole, features: whole.features.filter(counted)};
      const key = Object.keys(view.entity.keys).map(name => served.request[fields[name]!]![row]!);
      const cut = cutsMade(use).findLast(made => made.cut === naiveCut(use, served.q[row]!));
      const query = {key, q: naiveCut(use, served.q[row]!), position: cut?.position ?? served.positions[row]!};
      const got = Object.fromEntries(view.features.map(({name}) => [name, served.features[name]![row]!]));
      wrong.push(...disagreements(view, got, naiveFeatures(view, batches, query)).map(line => `row ${row}: ${line}`));
    }
  return wrong;
}

const roundings = Object.keys(ROUNDINGS) as Rounding[];
const cells = roundings.flatMap((rounding, r) => ARRIVALS.map((arrival, a) => ({rounding, arrival, seed: 10 * r + a})));

describe('what was served from a live state that restarts', () => {
  test.each(cells)('is what the log gives: times of $rounding, arrival by $arrival', async cell => {
    const world = skewWorld({...cell, events: 450, users: 5});
    const folder = mkdtempSync(join(tmpdir(), 'skew-'));
    folders.push(folder);
    await withSkewRun(world, {...cell, folder, rows: 200, restarts: 4, sql}, async run => {
      expect(skews(run).slice(0, 5)).toEqual([]);
      expect(await againstTheLoop(world, run, 17)).toEqual([]);
      expect(run.seen).toMatchObject({restarts: 4});
      const {duplicates, late, behind, held} = run.seen;
      for (const n of [duplicates, behind, ...(cell.arrival === 'delay' ? [] : [late])]) expect(n).toBeGreaterThan(0);
      if (cell.arrival === 'column') expect(held).toBeGreaterThan(0);
    });
  });
});

/** A delay, none, and one that is longer than from one cut to the next. */
const REFRESHES: readonly RefreshOptions[] = [
  {refresh: '12h', delay: '1h'},
  {refresh: '11h'},
  {refresh: '1d', delay: '30h'},
];

describe('what was served as of cuts, of a store that restarts', () => {
  test.each(ARRIVALS.map((arrival, a) => ({arrival, refresh: REFRESHES[a]!, rounding: '5m' as const, seed: 60 + a})))(
    'is what the log gives: arrival by $arrival, cuts of $refresh.refresh',
    async cell => {
      const world = skewWorld({...cell, events: 450, users: 5});
      const folder = mkdtempSync(join(tmpdir(), 'skew-'));
      folders.push(folder);
      await withSkewRun(world, {...cell, folder, rows: 200, restarts: 4, sql}, async run => {
        expect(run.cutsMade(world.set.views[0]!).length).toBeGreaterThan(3);
        expect(skews(run).slice(0, 5)).toEqual([]);
        expect(await againstTheLoop(world, run, 17)).toEqual([]);
      });
    },
  );
});
