import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type DuckDBConnection, DuckDBInstance} from '@duckdb/node-api';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {prepare} from './prepare.ts';

let root: string;
let instance: DuckDBInstance;
let db: DuckDBConnection;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'millrace-flights-'));
  instance = await DuckDBInstance.create(':memory:');
  db = await instance.connect();
});

afterAll(() => {
  db.closeSync();
  instance.closeSync();
  rmSync(root, {recursive: true, force: true});
});

type Flight = readonly [local: string, delay: number | null, distance: number, origin: string, destination: string];

const AIRPORTS = `iata,name,city,state,country,latitude,longitude
JFK,,New York,NY,USA,40.64,-73.78
LAX,,Los Angeles,CA,USA,33.94,-118.41
PHX,,Phoenix,AZ,USA,33.43,-112.01
IND,,Indianapolis,IN,USA,39.72,-86.29
ROP,,Prachinburi,NA,Thailand,14.08,101.38
`;

let sources = 0;

/** A source of few flights, in files of its own. */
async function sourceOf(flights: readonly Flight[]): Promise<{flights: string; airports: string}> {
  const paths = {flights: join(root, `${++sources}.parquet`), airports: join(root, `${sources}.csv`)};
  const rows = flights.map(
    ([local, delay, distance, origin, destination]) =>
      `(TIMESTAMP '${local}', ${delay ?? 'NULL'}::BIGINT, ${distance}::BIGINT, '${origin}', '${destination}')`,
  );
  await db.run(`COPY (SELECT * FROM (VALUES ${rows.join()}) AS flights(date, delay, distance, origin, destination))
    TO '${paths.flights}' (FORMAT parquet)`);
  writeFileSync(paths.airports, AIRPORTS);
  return paths;
}

async function read(path: string, sql = 'FROM stream') {
  return (await db.runAndReadAll(sql.replaceAll('stream', `'${path}'`))).getRowObjectsJson();
}

const folderFor = (name: string) => join(root, name);

describe('flights of a small source', () => {
  test('are placed in UTC by the clock of their origin and land 30 minutes and an eighth of their miles later', async () => {
    const source = await sourceOf([
      ['2001-06-01 08:00', 20, 2475, 'LAX', 'JFK'],
      ['2001-06-01 10:00', -5, 2153, 'JFK', 'PHX'],
    ]);
    const {departures, arrivals} = await prepare({folder: folderFor('placed'), source});
    expect(await read(departures)).toEqual([
      {
        flightId: '20010601T1000-JFK-PHX-0',
        departedAt: '2001-06-01 14:00:00',
        origin: 'JFK',
        destination: 'PHX',
        distance: 2153,
        zone: 'America/New_York',
      },
      {
        flightId: '20010601T0800-LAX-JFK-0',
        departedAt: '2001-06-01 15:00:00',
        origin: 'LAX',
        destination: 'JFK',
        distance: 2475,
        zone: 'America/Los_Angeles',
      },
    ]);
    // 30 + 2153 / 8 = 299.1 and 30 + 2475 / 8 = 339.4 minutes
    expect(await read(arrivals, 'SELECT "flightId", "landedAt", delay FROM stream')).toEqual([
      {flightId: '20010601T1000-JFK-PHX-0', landedAt: '2001-06-01 18:59:00', delay: -5},
      {flightId: '20010601T0800-LAX-JFK-0', landedAt: '2001-06-01 20:39:00', delay: 20},
    ]);
  });

  test('go out, counted, where the clocks skipped or repeated the hour, and only there', async () => {
    const source = await sourceOf([
      ['2001-04-01 01:59', 1, 800, 'JFK', 'LAX'],
      ['2001-04-01 02:00', 2, 800, 'JFK', 'LAX'],
      ['2001-04-01 02:59', 3, 800, 'LAX', 'JFK'],
      ['2001-04-01 03:00', 4, 800, 'JFK', 'LAX'],
      ['2001-04-01 02:30', 5, 800, 'PHX', 'LAX'],
      ['2001-04-01 02:30', 6, 800, 'IND', 'LAX'],
      ['2001-10-28 01:30', 7, 800, 'JFK', 'LAX'],
      ['2001-10-28 02:00', 8, 800, 'JFK', 'LAX'],
    ]);
    const prepared = await prepare({folder: folderFor('gap'), source});
    expect(prepared.dropped).toEqual({incomplete: 0, zoneUnknown: 0, timeMissing: 2, timeAmbiguous: 1});
    expect(await read(prepared.arrivals, 'SELECT delay FROM stream ORDER BY delay')).toEqual(
      [1, 4, 5, 6, 8].map(delay => ({delay})),
    );
    // The minute before and the minute after the skipped hour are neighbours.
    expect(await read(prepared.departures, `SELECT "departedAt" FROM stream WHERE origin = 'JFK' LIMIT 2`)).toEqual([
      {departedAt: '2001-04-01 06:59:00'},
      {departedAt: '2001-04-01 07:00:00'},
    ]);
  });

  test('go out, counted once, if a column is null or nobody knows the clock of their origin', async () => {
    const source = await sourceOf([
      ['2001-01-01 10:00', 1, 800, 'JFK', 'LAX'],
      ['2001-01-01 10:00', null, 800, 'JFK', 'PHX'],
      ['2001-01-01 10:00', 1, 800, 'ROP', 'JFK'],
      ['2001-01-01 10:00', null, 800, 'XXX', 'JFK'],
    ]);
    const prepared = await prepare({folder: folderFor('incomplete'), source});
    expect(prepared).toMatchObject({rows: 1, beyondPrefix: 0});
    expect(prepared.dropped).toEqual({incomplete: 2, zoneUnknown: 1, timeMissing: 0, timeAmbiguous: 0});
  });

  test('have ids of their own, numbered in the order of the file, whatever their delay', async () => {
    const twins: Flight[] = [
      ['2001-01-01 10:00', 1, 800, 'JFK', 'LAX'],
      ['2001-01-01 10:00', 2, 900, 'JFK', 'LAX'],
      ['2001-01-01 10:00:30', 3, 800, 'JFK', 'LAX'],
    ];
    const late = twins.map(([local, , ...rest]): Flight => [local, 500, ...rest]);
    const ids = ['20010101T1000-JFK-LAX-0', '20010101T1000-JFK-LAX-1', '20010101T1000-JFK-LAX-2'];
    const sql = 'SELECT "flightId" FROM stream';
    for (const [name, flights] of Object.entries({twins, late})) {
      const {departures} = await prepare({folder: folderFor(name), source: await sourceOf(flights)});
      expect(await read(departures, sql)).toEqual(ids.map(flightId => ({flightId})));
    }
  });
});

describe('the flights of vega-datasets', () => {
  const rows = 20_000;
  let prepared: Awaited<ReturnType<typeof prepare>>;

  beforeAll(async () => {
    prepared = await prepare({folder: folderFor('real'), rows});
  });

  test('are all placed but one, which left Los Angeles in the hour that was skipped', () => {
    expect(prepared).toMatchObject({rows, first: '2001-01-01T05:01:00Z', beyondPrefix: 3_000_000 - 1 - rows});
    expect(prepared.dropped).toEqual({incomplete: 0, zoneUnknown: 0, timeMissing: 1, timeAmbiguous: 0});
  });

  test('have unique ids, in both streams the same', async () => {
    const [counts] = await read(
      prepared.departures,
      `SELECT count(*)::INTEGER AS departed, count(DISTINCT "flightId")::INTEGER AS ids,
        (SELECT count(*)::INTEGER FROM '${prepared.arrivals}' SEMI JOIN stream USING ("flightId")) AS landed FROM stream`,
    );
    expect(counts).toEqual({departed: rows, ids: rows, landed: rows});
  });

  test('never land before they have left', async () => {
    const minutes = await read(
      prepared.departures,
      `SELECT min(date_diff('minute', "departedAt", "landedAt"))::INTEGER AS shortest,
        max(date_diff('minute', "departedAt", "landedAt"))::INTEGER AS longest
        FROM stream JOIN '${prepared.arrivals}' USING ("flightId")`,
    );
    // The shortest and the longest routes of the file are 21 and 4,962 miles.
    expect(minutes[0]!.shortest).toBeGreaterThanOrEqual(30 + 3);
    expect(minutes[0]!.longest).toBeLessThanOrEqual(30 + 620);
  });

  test('stand in the order of their time, then of their id', async () => {
    for (const [path, time] of [
      [prepared.departures, 'departedAt'],
      [prepared.arrivals, 'landedAt'],
    ] as const) {
      const [row] = await read(
        path,
        `SELECT count(*)::INTEGER AS "outOfOrder" FROM (
          SELECT ("${time}", "flightId") AS now, lag(("${time}", "flightId")) OVER (ORDER BY file_row_number) AS previous
          FROM read_parquet(stream, file_row_number = true)) WHERE previous >= now`,
      );
      expect(row).toEqual({outOfOrder: 0});
    }
  });
});

describe('preparing twice', () => {
  const flights: Flight[] = [
    ['2001-01-01 10:00', 1, 800, 'JFK', 'LAX'],
    ['2001-01-01 10:00', 2, 800, 'JFK', 'LAX'],
    ['2001-01-01 08:00', 3, 800, 'LAX', 'JFK'],
    ['2001-01-01 09:30', 4, 800, 'PHX', 'JFK'],
  ];
  const contents = ({departures, arrivals}: {departures: string; arrivals: string}) =>
    [departures, arrivals].map(path => readFileSync(path).toString('base64'));

  test('with fewer rows gives a prefix by departure in UTC', async () => {
    const source = await sourceOf(flights);
    const all = await read((await prepare({folder: folderFor('all'), source})).departures);
    for (let rows = 1; rows <= flights.length; rows++) {
      const {departures} = await prepare({folder: folderFor(`first-${rows}`), source, rows});
      expect(await read(departures)).toEqual(all.slice(0, rows));
    }
  });

  test('leaves the files alone if nothing changed, and makes them anew if the rows or the source did', async () => {
    const folder = folderFor('again');
    const source = await sourceOf(flights);
    const first = await prepare({folder, source});
    const {mtimeMs} = statSync(first.departures);
    expect(await prepare({folder, source})).toEqual({...first, reused: true});
    expect(statSync(first.departures).mtimeMs).toBe(mtimeMs);

    expect(await prepare({folder, source, rows: 2})).toMatchObject({reused: false, rows: 2});
    expect(await prepare({folder, source: await sourceOf(flights.slice(1)), rows: 2})).toMatchObject({reused: false});
  });

  test('repairs what an interrupted or damaged run left behind', async () => {
    const folder = folderFor('damaged');
    const source = await sourceOf(flights);
    const good = await prepare({folder, source});
    const before = contents(good);
    const damages = [
      () => rmSync(join(folder, 'prepared.json')),
      () => writeFileSync(join(folder, 'prepared.json'), '{"version": 1, "opt'),
      () => rmSync(good.arrivals),
      () => truncateSync(good.departures, 10),
      () => {
        rmSync(join(folder, 'prepared.json'));
        writeFileSync(join(folder, 'arrivals.parquet.part'), 'half');
        writeFileSync(join(folder, 'prepared.json.part'), '{');
      },
    ];
    for (const damage of damages) {
      damage();
      expect(await prepare({folder, source})).toMatchObject({reused: false});
      expect(contents(good)).toEqual(before);
      expect(readdirSync(folder).sort()).toEqual(['arrivals.parquet', 'departures.parquet', 'prepared.json']);
    }
  });

  test('refuses what is no number of rows, and a source that is not there', async () => {
    const folder = folderFor('refused');
    for (const rows of [0, -1, 1.5, Number.NaN])
      await expect(prepare({folder, rows})).rejects.toMatchObject({code: 'USAGE'});
    const source = {flights: join(root, 'nowhere.parquet'), airports: join(root, 'nowhere.csv')};
    await expect(prepare({folder, source})).rejects.toMatchObject({code: 'SOURCE_NOT_FOUND'});
  });
});
