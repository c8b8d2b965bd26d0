import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {t} from '../../../protocol/index.ts';
import {DAY, DAYS, daily, dailyCut, openStore, recent, type Store, sinceEver, someDays} from '../../contract/daily.ts';
import {payments, START} from '../../contract/history.ts';
import {derive, type FeatureSet, featureSet, use} from '../../definitions/feature-set.ts';
import {computeFeatures} from '../executor.ts';
import {type MaterialiseOptions, materialise} from './materialise.ts';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'materialise-'));
  store = await openStore(folder);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, {recursive: true, force: true});
});

const run = (set: FeatureSet = daily, options: Partial<MaterialiseOptions> = {}) =>
  materialise(set, {
    ...DAYS,
    sql: store.sql,
    archive: store.archive,
    spine: payments,
    folder: join(folder, 'days'),
    ...options,
  });

const NAMES = ['2001-03-31', '2001-04-01', '2001-04-02', '2001-04-03'];

/** A payment of the busy user that arrives last. */
const payment = (time: number, arrival = time) => {
  const [batch] = someDays();
  const columns = Object.fromEntries(
    Object.entries(batch!.columns).map(([name, column]) => [name, column.slice(0, 1)] as const),
  );
  return {
    ...batch!,
    count: 1,
    ids: [`extra-${time}`],
    eventTimes: Float64Array.of(time),
    arrivalTimes: Float64Array.of(arrival),
    columns: {
      ...columns,
      paymentId: [`extra-${time}`],
      at: Float64Array.of(time),
      user: ['busy'],
      amount: Float64Array.of(7),
    } as typeof columns,
  };
};

describe('materialised days', () => {
  test.each([daily, dailyCut])('hold what one computation over all rows gives, to the bit: $name', async set => {
    await store.append(someDays());
    const {folder: at, manifest} = await run(set);
    expect(manifest.days.map(({day}) => day)).toEqual(NAMES);
    await store.sql.run(
      `CREATE TABLE rows_of_all AS SELECT row_number() OVER (ORDER BY _time, _id) - 1 AS _row, NULL::BIGINT AS _position, _time AS _q, _id, user, amount FROM ${store.archive.relation('payments')}`,
    );
    const all = {table: 'rows_of_all', rows: 1_200, minTime: DAYS.from, maxTime: DAYS.to};
    const {sql} = store;
    const want = await computeFeatures(set, all, {sql, relation: stream => store.archive.relation(stream)});
    const rows = await sql.rows(`SELECT * FROM read_parquet('${at}/*.parquet') ORDER BY _time, _id`);
    expect(rows).toHaveLength(1_200);
    for (const {name} of set.features)
      expect(rows.map(row => row[name])).toEqual(
        Array.from({length: 1_200}, (_, row) => {
          const value = want[name]![row]!;
          return typeof value === 'number' && Number.isNaN(value) ? null : value;
        }),
      );
  });

  test('are computed once, and a new day reads only the partitions that its windows reach', async () => {
    await store.append(someDays());
    expect((await run()).computed).toEqual(NAMES);
    expect((await run()).computed).toEqual([]);
    await store.append([payment(START + 4 * DAY + 5)]);
    const asked: number[] = [];
    const archive = {
      partitions: (stream: string) => store.archive.partitions(stream),
      relation: (stream: string, range?: {from: number; to: number}) => {
        asked.push(range!.from);
        return store.archive.relation(stream, range);
      },
    };
    const {computed, manifest} = await run(daily, {to: START + 5 * DAY, archive});
    expect(computed).toEqual(['2001-04-04']);
    expect(Math.min(...asked)).toBe(START + 3 * DAY);
    expect(manifest.days.at(-1)).toMatchObject({rows: 1});
  });

  test('are computed again where a late event reaches them, and only there', async () => {
    await store.append(someDays());
    const before = await run();
    const ever = await run(sinceEver);
    await store.append([payment(START + DAY + 5, START + DAY + 3_600_000)]);
    const after = await run();
    expect(after.computed).toEqual(['2001-04-01', '2001-04-02']);
    expect((await run(sinceEver)).computed).toEqual(NAMES.slice(1));
    const hashes = (made: typeof before) => made.manifest.days.map(({hash}) => hash);
    expect(hashes(after)[0]).toBe(hashes(before)[0]);
    expect(hashes(after)[1]).not.toBe(hashes(before)[1]);
    expect(hashes(ever)).toHaveLength(4);
    // Nothing of what was replaced is left.
    expect(readdirSync(after.folder).sort()).toEqual(
      [...after.manifest.days.map(({file}) => file!), 'manifest.json'].sort(),
    );
  });

  test('of another definition stand beside those of the first', async () => {
    await store.append(someDays());
    const first = await run();
    const second = await run(derive(daily, x => ({twice: x.n_1h.times(2)})));
    expect(second.computed).toEqual(NAMES);
    expect(second.folder).not.toBe(first.folder);
    expect((await run()).computed).toEqual([]);
  });

  test('without rows have no file', async () => {
    await store.append([payment(START + 5)]);
    const {manifest} = await run();
    expect(manifest.days.map(({rows, file}) => [rows, file === null])).toEqual([
      [1, false],
      [0, true],
      [0, true],
      [0, true],
    ]);
  });

  test('need rows that have the fields of the request', async () => {
    const other = featureSet('other', {
      request: {user: t.string, items: t.number, fee: t.number},
      views: [use(recent, {user: 'user'})],
    });
    await expect(run(other)).rejects.toMatchObject({
      code: 'DEFINITION_INVALID',
      problems: [
        {path: 'request.items', message: "'items' is of type number in the request, and of type int in 'payments'."},
        {path: 'request.fee', message: "'payments' has no column 'fee', which the request has."},
      ],
    });
  });

  test.each([0, 25, 80])('go on where they were when the process is killed %i ms after the first', async moment => {
    await store.append(someDays());
    const script = fileURLToPath(new URL('../../contract/crash/daily-writer.ts', import.meta.url));
    await store.close();
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder], {stdio: ['ignore', 'pipe', 'inherit']});
    let output = '';
    child.stdout.on('data', chunk => {
      output += chunk;
    });
    const closed = once(child, 'close');
    await Promise.race([once(child.stdout, 'data'), closed]);
    await delay(moment);
    child.kill('SIGKILL');
    expect((await closed)[1]).toBe('SIGKILL');
    store = await openStore(folder);
    const stood = output.trim().split('\n');
    const {computed, manifest, folder: at} = await run();
    // One more may have come to stand before its name was printed.
    expect([NAMES.slice(stood.length), NAMES.slice(stood.length + 1)]).toContainEqual(computed);
    expect(manifest.days.map(({hash}) => hash)).toEqual(
      (await run(daily, {folder: join(folder, 'again')})).manifest.days.map(({hash}) => hash),
    );
    expect(readdirSync(at)).toHaveLength(5);
  });

  test('whose file was lost are computed again, and what nobody named is removed', async () => {
    await store.append(someDays());
    const {manifest, folder: at} = await run();
    rmSync(join(at, manifest.days[2]!.file!));
    writeFileSync(join(at, '2001-04-01-junk.parquet.1-1.unfinished'), 'half');
    expect((await run()).computed).toEqual([NAMES[2]]);
    expect(readdirSync(at)).toHaveLength(5);
  });
});
