// The SQL that turns the table of flights into two streams of events. Everything here is exact arithmetic on
// columns; which clock an airport lives by stands in zones.ts and local-time.ts.
import type {DuckDBConnection} from '@duckdb/node-api';
import {type LocalSpan, localSpans} from './local-time.ts';
import {type Airport, airportZone} from './zones.ts';

/** Rows of the source that became no event, by reason. */
export type Dropped = {
  /** A column is null. */
  readonly incomplete: number;
  /** The origin is not in the list of airports, or lies outside the zones known here. */
  readonly zoneUnknown: number;
  /** The local time was skipped by the clocks of the origin (spring). */
  readonly timeMissing: number;
  /** The local time came twice at the origin (autumn). */
  readonly timeAmbiguous: number;
};

/** Reads both files; afterwards the tables `source` and `airport_zone` stand. Returns the number of rows. */
export async function readSource(db: DuckDBConnection, flights: string, airports: string): Promise<number> {
  await db.run(`CREATE TABLE source AS
    SELECT date::TIMESTAMP AS local, delay::INTEGER AS delay, distance::INTEGER AS distance, origin, destination,
      file_row_number AS line
    FROM read_parquet(${quoted(flights)}, file_row_number = true)`);
  const rows = await db.runAndReadAll(
    `SELECT iata, state, latitude::DOUBLE AS latitude, longitude::DOUBLE AS longitude
     FROM read_csv(${quoted(airports)}, header = true, all_varchar = true)`,
  );
  const zones = (rows.getRowObjectsJS() as unknown as Airport[]).flatMap(airport => {
    const zone = airportZone(airport);
    return zone === undefined ? [] : [{iata: airport.iata, zone}];
  });
  await db.run('CREATE TABLE airport_zone (iata VARCHAR, "zone" VARCHAR)');
  await db.run(`INSERT INTO airport_zone VALUES ${zones.map(z => `(${quoted(z.iata)}, ${quoted(z.zone)})`).join()}`);
  return Number((await value(db, 'SELECT count(*) FROM source')) ?? 0);
}

/**
 * Places each flight in UTC and gives it its id; afterwards the table `flight` holds all that can be placed.
 * An id reads `20010101T0001-LAS-PHL-0`: local departure, route, and an ordinal (in the order of the file)
 * among flights that share those. Nothing in it was unknown at departure.
 */
export async function placeFlights(db: DuckDBConnection): Promise<Dropped> {
  await createClock(db);
  // One row for each of the source: spans of a zone do not overlap.
  await db.run(`CREATE TABLE placed AS
    SELECT source.*, airport_zone."zone", kind, local - to_minutes(offset_minutes) AS departed
    FROM source
    LEFT JOIN airport_zone ON iata = origin
    LEFT JOIN clock ON clock."zone" = airport_zone."zone" AND local >= clock."from" AND local < clock."until"`);
  await db.run('DROP TABLE source');
  await db.run(`CREATE TABLE flight AS
    SELECT strftime(local, '%Y%m%dT%H%M') || '-' || origin || '-' || destination || '-' ||
        (row_number() OVER (PARTITION BY date_trunc('minute', local), origin, destination ORDER BY line) - 1) AS "flightId",
      departed AS "departedAt",
      departed + to_minutes(30 + round(distance / 8)::INTEGER) AS "landedAt",
      origin, destination, distance, delay, "zone"
    FROM placed
    WHERE departed IS NOT NULL AND destination IS NOT NULL AND distance IS NOT NULL AND delay IS NOT NULL`);
  const [row] = (
    await db.runAndReadAll(`
    SELECT count(*) FILTER (gap)::INTEGER AS incomplete,
      count(*) FILTER (NOT gap AND "zone" IS NULL)::INTEGER AS "zoneUnknown",
      count(*) FILTER (NOT gap AND kind = 'missing')::INTEGER AS "timeMissing",
      count(*) FILTER (NOT gap AND kind = 'ambiguous')::INTEGER AS "timeAmbiguous"
    FROM (SELECT *, local IS NULL OR delay IS NULL OR distance IS NULL OR origin IS NULL OR destination IS NULL AS gap
      FROM placed)`)
  ).getRowObjectsJS();
  await db.run('DROP TABLE placed');
  return row as unknown as Dropped;
}

/** Writes both streams of the first `rows` flights (by departure in UTC, then id), each in the order of its time. */
export async function writeStreams(
  db: DuckDBConnection,
  paths: {readonly departures: string; readonly arrivals: string},
  rows: number | undefined,
): Promise<{count: number; first: string | null; last: string | null}> {
  await db.run(`CREATE TABLE chosen AS FROM flight ORDER BY "departedAt", "flightId"
    ${rows === undefined ? '' : `LIMIT ${rows}`}`);
  await db.run('DROP TABLE flight');
  await db.run(`COPY (SELECT "flightId", "departedAt", origin, destination, distance, "zone" FROM chosen)
    TO ${quoted(paths.departures)} (FORMAT parquet, COMPRESSION zstd)`);
  await db.run(`COPY (SELECT "flightId", "landedAt", origin, destination, distance, delay FROM chosen
    ORDER BY "landedAt", "flightId") TO ${quoted(paths.arrivals)} (FORMAT parquet, COMPRESSION zstd)`);
  const format = `'%Y-%m-%dT%H:%M:%SZ'`;
  const [row] = (
    await db.runAndReadAll(`SELECT count(*)::INTEGER AS count, strftime(min("departedAt"), ${format}) AS first,
      strftime(max("departedAt"), ${format}) AS last FROM chosen`)
  ).getRowObjectsJS();
  return row as {count: number; first: string | null; last: string | null};
}

/** The table `clock`: for each zone in use, the local spans that cover the days of the source. */
async function createClock(db: DuckDBConnection): Promise<void> {
  await db.run(`CREATE TABLE clock ("zone" VARCHAR, "from" TIMESTAMP, "until" TIMESTAMP, kind VARCHAR,
    offset_minutes INTEGER)`);
  const from = await value(db, 'SELECT epoch_ms(min(local)) FROM source');
  const last = await value(db, 'SELECT epoch_ms(max(local)) FROM source');
  if (from === null || last === null) return;
  const zones = (await db.runAndReadAll('SELECT DISTINCT "zone" FROM airport_zone')).getRows();
  const spans = zones.flatMap(([zone]) =>
    localSpans(String(zone), Number(from), Number(last) + 1).map(span => clockRow(String(zone), span)),
  );
  if (spans.length > 0) await db.run(`INSERT INTO clock VALUES ${spans.join()}`);
}

function clockRow(zone: string, {from, until, kind, offsetMinutes}: LocalSpan): string {
  return `(${quoted(zone)}, make_timestamp_ms(${from}), make_timestamp_ms(${until}), ${quoted(kind)}, ${offsetMinutes ?? 'NULL'})`;
}

async function value(db: DuckDBConnection, sql: string): Promise<unknown> {
  return (await db.runAndReadAll(sql)).getRows()[0]?.[0] ?? null;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
