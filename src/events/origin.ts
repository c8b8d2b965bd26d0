// Where the events of a source come from, as the user declares it: files that are loaded once, or a server that is
// followed. Frozen data; a server is named by the environment variable that holds its address, so no definition
// holds a secret.
import {checkedDurationMs, type Duration, type Problem, requireValid} from '../protocol/index.ts';

/** Where the history of a source lies: files, a folder or a glob, relative to the project. */
export type FileOrigin = {readonly kind: 'file'; readonly format: 'parquet' | 'csv' | 'jsonl'; readonly path: string};

/** The environment variable that holds the address of a server, secrets included. */
export type Connection = {readonly env: string};

/** A table (or query) of events that only grows, read in the order of a cursor column. */
export type PostgresOrigin = {
  readonly kind: 'postgres';
  readonly connection: Connection;
  /** `payments` or `shop.payments`; null when there is a query. */
  readonly table: string | null;
  readonly query: string | null;
  /** Column that only grows: an integer, or a timestamp. It need not be in the schema. */
  readonly cursor: string;
  /** How far back of the last row each poll reads again: a duration for timestamps, a count for integers; null: the default. */
  readonly lag: Duration | number | null;
  readonly pollMs: number;
  /** Rows read at once: what bounds the memory. */
  readonly pageRows: number;
};

/** A topic whose values are JSON objects; keys and headers are ignored. */
export type KafkaOrigin = {
  readonly kind: 'kafka';
  readonly connection: Connection;
  readonly topic: string;
  /** What to do when the topic no longer holds what comes next: wait for a decision, or go on with what there is. */
  readonly gaps: 'stop' | 'skip';
};

/** What is followed while the platform runs. */
export type LiveOrigin = PostgresOrigin | KafkaOrigin;
export type Origin = FileOrigin | LiveOrigin;

export const parquet = (path: string): FileOrigin => Object.freeze({kind: 'file', format: 'parquet', path});
export const csv = (path: string): FileOrigin => Object.freeze({kind: 'file', format: 'csv', path});
export const jsonLines = (path: string): FileOrigin => Object.freeze({kind: 'file', format: 'jsonl', path});

export type PostgresOptions = {
  readonly connection: Connection;
  readonly table?: string;
  readonly query?: string;
  readonly cursor: string;
  readonly lag?: Duration | number;
  /** Pause after the last row has been read; a second unless told. */
  readonly poll?: Duration;
  /** 5,000 unless told. */
  readonly pageRows?: number;
};

/** Events from a table or query of PostgreSQL. Throws DEFINITION_INVALID naming every problem at once. */
export function postgresTable(options: PostgresOptions): PostgresOrigin {
  const {connection, table = null, query = null, cursor, lag = null, poll = '1s', pageRows = 5_000} = options;
  const problems = connectionProblems(connection);
  if ((table === null) === (query === null))
    problems.push({path: 'table', message: 'It needs either a table or a query.', fix: 'Declare one of the two.'});
  if (table !== null && !/^[^.]+(\.[^.]+)?$/.test(table))
    problems.push({path: 'table', message: `'${table}' is neither 'table' nor 'schema.table'.`});
  if (query?.includes(';'))
    problems.push({path: 'query', message: 'A query is one SELECT without a semicolon.', fix: 'Take the ; away.'});
  if (cursor === '') problems.push({path: 'cursor', message: 'The cursor is the name of a column; it is empty.'});
  if (typeof lag === 'number' ? !(Number.isSafeInteger(lag) && lag >= 0) : false)
    problems.push({path: 'lag', message: `A lag of ${lag} is no count: give an integer of at least 0, or a duration.`});
  if (typeof lag === 'string') checkedDurationMs(lag, 'lag', problems);
  const pollMs = checkedDurationMs(poll, 'poll', problems);
  if (!(Number.isSafeInteger(pageRows) && pageRows >= 1))
    problems.push({path: 'pageRows', message: `A page of ${pageRows} rows is none: give an integer of at least 1.`});
  requireValid('The PostgreSQL origin', problems);
  return Object.freeze({kind: 'postgres', connection: named(connection), table, query, cursor, lag, pollMs, pageRows});
}

export type KafkaOptions = {
  readonly connection: Connection;
  readonly topic: string;
  readonly gaps?: 'stop' | 'skip';
};

/** Events from a topic of Kafka. Throws DEFINITION_INVALID naming every problem at once. */
export function kafkaTopic({connection, topic, gaps = 'stop'}: KafkaOptions): KafkaOrigin {
  const problems = connectionProblems(connection);
  if (!/^[A-Za-z0-9._-]{1,249}$/.test(topic))
    problems.push({path: 'topic', message: `'${topic}' is no topic: use letters, digits, '.', '_' and '-'.`});
  requireValid('The Kafka origin', problems);
  return Object.freeze({kind: 'kafka', connection: named(connection), topic, gaps});
}

const named = ({env}: Connection): Connection => Object.freeze({env});

/** What was given in place of a name is not repeated: it may be the secret itself. */
function connectionProblems({env}: Connection): Problem[] {
  if (typeof env === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(env)) return [];
  return [
    {
      path: 'connection.env',
      message: 'The connection is not the name of an environment variable.',
      fix: "Name the variable that holds the address, such as {env: 'DATABASE_URL'}; never the address itself.",
    },
  ];
}
