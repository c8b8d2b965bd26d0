// One connection to PostgreSQL that reads and never writes, and its failures as errors that name no secret.
import type {Client} from 'pg';
import {MillraceError} from '../../protocol/index.ts';
import {reasonOf, redactor} from '../follow/connection.ts';
import type {PostgresOrigin} from '../origin.ts';
import type {Source} from '../source.ts';

/** A source whose events come from PostgreSQL. */
export type Followed = Source & {readonly from: PostgresOrigin};

export type Field = {readonly name: string; readonly type: number};
export type Answer = {readonly fields: readonly Field[]; readonly rows: readonly (readonly (string | null)[])[]};

const CONNECT_MS = 10_000;
/** A query without an answer for so long means that the server is gone. */
const QUERY_MS = 120_000;
/**
 * Times as text are ISO in UTC, and doubles have all their digits. A page comes in the order of an index if there is
 * one: without statistics (a table that was just filled) the planner would sort all that is left for every page.
 */
const SETTINGS = [
  "TimeZone = 'UTC'",
  "DateStyle = 'ISO, MDY'",
  'extra_float_digits = 1',
  'default_transaction_read_only = on',
  'enable_sort = off',
  'enable_bitmapscan = off',
]
  .map(setting => `SET ${setting}`)
  .join('; ');

/** Every value comes as the text that the server sends. */
const AS_TEXT = {getTypeParser: () => (text: string) => text} as never;

export class PostgresSession {
  readonly #client: Client;
  readonly #failure: (error: unknown) => MillraceError;

  private constructor(client: Client, failure: (error: unknown) => MillraceError) {
    this.#client = client;
    this.#failure = failure;
  }

  /** Throws PACKAGE_MISSING, and SOURCE_UNAVAILABLE if the server cannot be reached or refuses. */
  static async open(address: string, source: Followed): Promise<PostgresSession> {
    const {Client} = await driver();
    const failure = (error: unknown) => unavailable(source, address, error);
    let client: Client;
    try {
      client = new Client({
        connectionString: address,
        connectionTimeoutMillis: CONNECT_MS,
        query_timeout: QUERY_MS,
        keepAlive: true,
        application_name: 'millrace',
      });
      // A connection that breaks between queries fails the next one.
      client.on('error', () => undefined);
      await client.connect();
      await client.query(SETTINGS);
    } catch (error) {
      throw failure(error);
    }
    return new PostgresSession(client, failure);
  }

  /** Throws SOURCE_UNAVAILABLE with what the server said. */
  async query(text: string, values: readonly (string | number | null)[] = []): Promise<Answer> {
    try {
      const result = await this.#client.query({text, values: [...values], rowMode: 'array', types: AS_TEXT});
      const fields = result.fields.map(({name, dataTypeID}) => ({name, type: dataTypeID}));
      return {fields, rows: result.rows as (string | null)[][]};
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Ends also a query that is under way. */
  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }
}

async function driver(): Promise<{readonly Client: typeof Client}> {
  try {
    const {default: pg} = await import('pg');
    return pg;
  } catch (cause) {
    throw new MillraceError('PACKAGE_MISSING', "Following a table of PostgreSQL needs the package 'pg'.", {
      cause,
      fix: 'Run npm install pg.',
    });
  }
}

/** The driver's own error is not kept as the cause: it may hold the address. */
function unavailable({name, from}: Followed, address: string, error: unknown): MillraceError {
  const {code} = error as {code?: string};
  if (code === 'ERR_INVALID_URL')
    return new MillraceError(
      'SOURCE_UNAVAILABLE',
      `Source '${name}': the address in ${from.connection.env} is no URL.`,
      {
        fix: 'Write postgres://user:password@host:5432/database, with %2F for / and %25 for % in the password.',
      },
    );
  const redact = redactor([address, ...secretsOf(address)]);
  const state = code && /^[0-9A-Z]{5}$/.test(code) ? ` (SQLSTATE ${code})` : '';
  return new MillraceError(
    'SOURCE_UNAVAILABLE',
    `PostgreSQL, which source '${name}' follows, says: ${redact(reasonOf(error))}${state}.`,
    {fix: 'Wait if the server is restarting: the source goes on by itself. Else correct the address or the table.'},
  );
}

function secretsOf(address: string): string[] {
  try {
    const {password, searchParams} = new URL(address);
    return [password, decodeURIComponent(password), searchParams.get('password') ?? ''];
  } catch {
    return [];
  }
}
