// A new user's data: loaded, stopped, refused, inspected, mended, erased; each message says what to do.
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';
import type {AuditPage} from '../../src/protocol/index.ts';
import {openDuckDb} from '../../src/stores/duckdb/index.ts';
import {ROOT, temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const at = (...parts: string[]) => join(folder.path, ...parts);

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: {write: (text: string) => (out += text)},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  process.exitCode = undefined;
  const code = await runProgram(args, terminal);
  process.exitCode = undefined;
  return {code, out, err};
}

/** A project of its own with one stream of sales and the files that it reads. */
function project(name: string, {origin = "csv('sales.csv')", checks = '', schema = '', files = {}}: ProjectOptions) {
  mkdirSync(at(name, 'node_modules'), {recursive: true});
  symlinkSync(ROOT, at(name, 'node_modules', 'millrace'), 'dir');
  writeFileSync(at(name, 'package.json'), JSON.stringify({name, type: 'module'}));
  writeFileSync(
    at(name, 'millrace.ts'),
    `import {csv, entity, events, featureView, fresh, inRange, nullShare, parquet, t, timeNotBackwards} from 'millrace';
export const sales = events('sales', {
  schema: {id: t.string, at: t.time, user: t.string, amount: t.number, ${schema}},
  time: 'at', id: 'id', retention: '30d',
  checks: [${checks}],
  from: ${origin},
});
export const visits = events('visits', {schema: {id: t.string, at: t.time}, time: 'at', id: 'id'});
const user = entity('user', {id: t.string});
export const spent = featureView('spent', {
  from: sales, entity: user, keys: {id: 'user'},
  features: a => ({amount: a.sum('amount').over('1h')}),
});
void [fresh, inRange, nullShare, parquet, timeNotBackwards, csv];
`,
  );
  for (const [file, text] of Object.entries(files)) writeFileSync(at(name, file), text);
  return ['--project', at(name), '--data', at(name, 'data')];
}
type ProjectOptions = {origin?: string; checks?: string; schema?: string; files?: Record<string, string>};

const SALES = `id,at,user,amount
s1,2024-01-01T10:00:00Z,u1,3
s2,2024-01-01T11:00:00Z,u2,-4
s3,2024-01-01T12:00:00Z,u1,5
s4,2024-01-01T13:00:00Z,u3,x
`;

describe('a load', () => {
  test('of a Parquet file that was cut in half names it, and takes nothing', async () => {
    const options = project('cut', {origin: "parquet('days/*.parquet')"});
    mkdirSync(at('cut', 'days'));
    const sql = await openDuckDb({threads: 1});
    for (const day of ['one', 'two'])
      await sql.run(
        `COPY (SELECT 's' || i AS id, TIMESTAMP '2024-01-01' + INTERVAL 1 MINUTE * i AS at, 'u' AS "user", 1.0 AS amount FROM range(5000) t(i)) TO '${at('cut', 'days', `${day}.parquet`)}' (FORMAT PARQUET)`,
      );
    await sql.close();
    const path = at('cut', 'days', 'two.parquet');
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length / 2));
    const {code, out, err} = await run('ingest', ...options);
    expect({code, out}).toEqual({code: 1, out: ''});
    expect(err).toMatch(/^SOURCE_SCHEMA {2}.*two\.parquet/);
    expect(err).toContain('→');
    expect((await run('log', 'status', '--json', ...options)).out).toContain('"end": 0');
  });

  test('of a file whose time goes backwards puts it in order, and counts what lies before the last load', async () => {
    const rows = SALES.replace(',x\n', ',1\n').trimEnd().split('\n');
    const text = [rows[0], ...rows.slice(1).reverse()].join('\n');
    const checks = "timeNotBackwards({tolerance: '1m'}, 'stop')";
    const options = project('back', {checks, files: {'sales.csv': text}});
    expect(await run('ingest', ...options)).toMatchObject({code: 0, err: ''});
    writeFileSync(at('back', 'sales.csv'), `${text}\ns9,2024-01-01T01:00:00Z,u9,1\n`);
    const {code, out} = await run('ingest', '--json', ...options);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({reports: [{rows: 5, accepted: 0, skipped: 4, duplicates: 1}], checks: []});
  });

  test('lists every column that the file lacks', async () => {
    const options = project('lacks', {schema: 'shop: t.string, price: t.number', files: {'sales.csv': SALES}});
    const {code, out, err} = await run('ingest', '--json', ...options);
    expect(code).toBe(1);
    expect(err).toMatch(/^SOURCE_SCHEMA/);
    for (const column of ['shop', 'price']) expect(JSON.parse(out).error.message + err).toContain(`'${column}'`);
  });

  test('with a key that the source lacks is refused with the definition', async () => {
    const options = project('key', {files: {'sales.csv': SALES}});
    const path = at('key', 'millrace.ts');
    writeFileSync(path, readFileSync(path, 'utf8').replace("keys: {id: 'user'}", "keys: {id: 'usr'} as never"));
    const {code, err} = await run('check', ...options.slice(0, 2));
    expect(code).toBe(1);
    expect(err).toMatch(
      /millrace\.ts, line \d+: .*Key 'id' of 'user' is read from 'usr', which is no column of 'sales'/,
    );
    expect(err).toContain('Did you mean user?');
  });

  test('that a check stops says which rows and why, takes nothing, and ends with 1', async () => {
    const options = project('stop', {
      checks: "inRange('amount', {min: 0}, 'stop')",
      files: {'sales.csv': SALES.replace(',x\n', ',1\n')},
    });
    const {code, out, err} = await run('ingest', ...options);
    expect({code, out}).toEqual({code: 1, out: ''});
    expect(err).toMatch(/^CHECK_STOPPED {2}Nothing of this got into 'sales': /);
    expect(err).toContain('-4');
    expect(err).toContain('→ Correct the events and send all of them again, or let the check warn or reject.');
    expect((await run('quarantine', 'list', ...options)).out).toBe('No row waits in quarantine.\n');
  });

  test('shows how its checks stand: what was rejected, warned of, and is violated now', async () => {
    const checks = "inRange('amount', {min: 0}, 'warn'), fresh({within: '1h'})";
    const {code, out} = await run('ingest', ...project('warns', {checks, files: {'sales.csv': SALES}}));
    expect(code).toBe(0);
    expect(out).toMatch(/sales +amount at least 0 +warned +1 +-4 +broken once/);
    expect(out).toMatch(/sales +type +rejected +1 +"x"/);
    expect(out).toMatch(/an event every 1h +violated +0 .*at most 1 h allowed/);
    expect(out).toContain('millrace quarantine list shows them');
  });
});

describe('rows in quarantine', () => {
  let options: string[];
  beforeAll(async () => {
    options = project('refused', {checks: "inRange('amount', {min: 0})", files: {'sales.csv': SALES}});
    await run('ingest', ...options);
  });

  test('are listed with the reason and the row', async () => {
    const {code, out} = await run('quarantine', 'list', ...options);
    expect(code).toBe(0);
    expect(out).toMatch(/^sales: 2 rows wait /);
    expect(out).toContain('"amount":-4');
    const [page] = JSON.parse((await run('quarantine', 'list', 'sales', '--json', '--limit', '1', ...options)).out);
    expect(page).toMatchObject({stream: 'sales', waiting: 2});
    expect(page.rows).toHaveLength(1);
  });

  test('are replayed when the check is mended, and given up for a reason', async () => {
    const replay = async () => JSON.parse((await run('quarantine', 'replay', '--json', ...options)).out);
    expect(await replay()).toEqual({accepted: 0, duplicates: 0, refused: 2, left: 0});
    const path = at('refused', 'millrace.ts');
    writeFileSync(path, readFileSync(path, 'utf8').replace('min: 0', 'min: -10'));
    // The project file is read anew by a new process; here its new definition has a name of its own.
    const mended = project('mended', {checks: "inRange('amount', {min: -10})"}).slice(0, 2);
    const data = options.slice(2);
    const {out} = await run('quarantine', 'replay', 'sales', ...mended, ...data);
    expect(out).toBe('1 row got in, 0 there already, 1 refused again: these wait on.\n');
    const [page] = JSON.parse((await run('quarantine', 'list', 'sales', '--json', ...mended, ...data)).out);
    const offset = String(page.rows[0].offset);
    const discard = (...of: string[]) => run('quarantine', 'discard', ...of, ...mended, ...data);
    expect((await discard('99', '--reason', 'inside of a line')).code).toBe(4);
    expect((await discard(offset, '--reason', ' ')).code).toBe(2);
    expect(await discard(offset, '--reason', 'a test till')).toMatchObject({code: 0});
    const audit = (await run('audit', ...mended, ...data)).out;
    expect(audit).toMatch(/quarantine\.discard +1 row +reason a test till/);
    expect(audit).toMatch(/quarantine\.discard \(failed\) +1 row/);
    expect(audit).toMatch(/quarantine\.replay +sales +accepted 1, duplicates 0, refused 1, left 0/);
    expect((await run('quarantine', 'list', ...mended, ...data)).out).toBe('No row waits in quarantine.\n');
  });

  test.each([
    [['quarantine', 'list', 'sale'], 4, "There is no stream 'sale'."],
    [['quarantine', 'discard', 'x', '--reason', 'r'], 2, 'It must be an offset'],
    [['quarantine', 'discard', '1'], 2, '--reason'],
  ])('%j ends with %i', async (args, code, words) => {
    const ended = await run(...args, ...options);
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(words);
  });
});

describe('a schema', () => {
  beforeAll(() => {
    writeFileSync(at('monday.csv'), 'id,at,price\na,2024-01-01T00:00:00Z,3\nb,2024-01-02T00:00:00Z,4\n');
    writeFileSync(at('tuesday.csv'), 'id,at,price\na,2024-01-01T00:00:00Z,3.5\nb,2024-01-02T00:00:00Z,\n');
  });

  test('is inferred as the text to paste', async () => {
    const {code, out} = await run('schema', 'infer', at('monday.csv'));
    expect({code, out}).toEqual({code: 0, out: '{\n  id: t.string,\n  at: t.time,\n  price: t.int,\n}\n'});
    expect(JSON.parse((await run('schema', 'infer', at('monday.csv'), '--json')).out).rows).toBe(2);
  });

  test('is frozen, and compared with later files: what breaks ends with 1', async () => {
    expect((await run('schema', 'freeze', at('monday.csv'), '--out', at('monday.json'))).code).toBe(0);
    const same = await run('schema', 'diff', at('monday.json'), at('monday.csv'));
    expect(same).toMatchObject({code: 0, out: 'Nothing changed.\n'});
    const {code, out} = await run('schema', 'diff', at('monday.json'), at('tuesday.csv'));
    expect(code).toBe(1);
    expect(out).toContain("✗ 'price' is number; it was int.");
    expect(out).toContain("✗ 'price' is null in 50 % of the rows; it never was.");
    const json = await run('schema', 'diff', at('tuesday.csv'), at('monday.csv'), '--json');
    expect([json.code, JSON.parse(json.out).breaks]).toEqual([0, false]);
  });

  test.each([
    [['schema', 'infer', 'nowhere.csv'], 4, 'nowhere.csv'],
    [['schema', 'infer', 'nowhere'], 4, 'There is no file or folder nowhere.'],
    [['schema', 'diff', 'old.json', 'new.csv'], 4, 'There is no frozen schema old.json.'],
    [['schema', 'infer', ROOT, '--format', 'xml'], 2, 'Allowed choices are csv, jsonl, parquet'],
    [['schema', 'infer', 'data/*'], 2, '--format csv|jsonl|parquet'],
  ])('%j ends with %i', async (args, code, words) => {
    const ended = await run(...args);
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(words);
  });
});

describe('erasing a person', () => {
  let options: string[];
  beforeAll(async () => {
    options = project('erase', {checks: "inRange('amount', {min: 0})", files: {'sales.csv': SALES}});
    await run('ingest', ...options);
  });
  const user = (id: string) => ['--entity', 'user', '--key', `id=${id}`];

  test('says first what would happen, and what it cannot see', async () => {
    const {code, out} = await run('erase', ...user('u1'), '--dry-run', ...options);
    expect(code).toBe(0);
    expect(out).toContain('2 events and 0 predictions would be erased:\n  sales by user: 2 events');
    expect(out).toContain('The live states of spent would be made again from all events');
    expect(out).toContain('Not looked at, since no view of the entity reads them: visits');
  });

  test('does nothing unless someone says yes', async () => {
    const {code, err} = await run('erase', ...user('u1'), ...options);
    expect(code).toBe(2);
    expect(err).toContain('Nothing was erased: nobody is here to be asked.');
    expect(
      JSON.parse((await run('erase', ...user('u1'), '--dry-run', '--json', ...options)).out).streams[0].events,
    ).toBe(2);
  });

  test('is done once, kept in the record without the key, and finds nothing again', async () => {
    const {code, out} = await run('erase', ...user('u1'), '--yes', '--json', ...options);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({streams: [{stream: 'sales', events: 2, refused: 0}]});
    expect(out).not.toContain('u1');
    expect((await run('erase', ...user('u2'), '--yes', ...options)).err).toContain('1 refused row');
    const again = await run('erase', ...user('u1'), '--dry-run', ...options);
    expect(again.out).toContain('0 events and 0 predictions');
    expect((await run('erase', '--history', ...options)).out.trimEnd().split('\n')).toHaveLength(2);
    const audit = (await run('audit', '--json', ...options)).out;
    expect((JSON.parse(audit) as AuditPage).entries).toMatchObject([
      {action: 'entity.erase', what: 'user', outcome: 'done'},
      {action: 'entity.erase', what: 'user', detail: {events: 2}, outcome: 'done'},
    ]);
    expect(audit).not.toContain('u1');
    expect(JSON.parse((await run('quarantine', 'list', 'sales', '--json', ...options)).out)[0].waiting).toBe(1);
  });

  test.each([
    [[], 2, 'Nobody is named.'],
    [['--entity', 'usr', '--key', 'id=1'], 4, 'Did you mean user?'],
    [['--entity', 'user', '--key', 'name=1'], 2, 'Give --key id=….'],
    [['--entity', 'user', '--key', 'u1'], 2, 'It must be a name, = and a value'],
    [['--also', 'sales.nothing=1', '--dry-run'], 2, "has no column 'nothing'"],
  ])('%j ends with %i', async (args, code, words) => {
    const ended = await run('erase', ...args, ...options);
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(words);
  });
});

describe('the log', () => {
  test('says how long it keeps each stream and why, and drops what nobody needs', async () => {
    const options = project('log', {files: {'sales.csv': SALES}});
    await run('ingest', ...options);
    const {out} = await run('log', 'status', ...options);
    expect(out).toMatch(/sales +3 +0 +30 d +its retention is 30 d/);
    expect(out).toMatch(/visits +0 +0 +for ever +it has no retention/);
    expect(out).toContain('3 events may go, as far as they fill whole files.');
    expect((await run('log', 'truncate', '--dry-run', ...options)).out).toContain('3 events may go');
    expect((await run('log', 'truncate', ...options)).out).toBe('3 events left the log, which now begins at 3.\n');
    expect((await run('audit', ...options)).out).toMatch(/log\.truncate +the event log +events 3, start 0, newStart 3/);
    const status = JSON.parse((await run('log', 'status', '--json', ...options)).out);
    expect(status).toMatchObject({start: 3, end: 3, streams: [{stream: 'sales', events: 3, archived: 3}, {}]});
  });
});
