import {expect, test} from 'vitest';
import type {MillraceError} from '../protocol/index.ts';
import {kafkaTopic, postgresTable} from './origin.ts';

function problemsOf(declare: () => unknown): string[] {
  try {
    declare();
  } catch (error) {
    return (error as MillraceError).problems.map(({message}) => message);
  }
  return [];
}

test('origins that are followed are frozen data without a secret', () => {
  const table = postgresTable({connection: {env: 'DATABASE_URL'}, table: 'shop.payments', cursor: 'id'});
  expect(table).toEqual({
    kind: 'postgres',
    connection: {env: 'DATABASE_URL'},
    table: 'shop.payments',
    query: null,
    cursor: 'id',
    lag: null,
    pollMs: 1_000,
    pageRows: 5_000,
  });
  const topic = kafkaTopic({connection: {env: 'KAFKA'}, topic: 'payments'});
  expect(topic).toEqual({kind: 'kafka', connection: {env: 'KAFKA'}, topic: 'payments', gaps: 'stop'});
  for (const origin of [table, topic]) {
    expect(Object.isFrozen(origin) && Object.isFrozen(origin.connection)).toBe(true);
    expect(JSON.parse(JSON.stringify(origin))).toEqual(origin);
  }
});

test('every problem of an origin is named at once', () => {
  const connection = {env: 'DATABASE_URL'};
  expect(problemsOf(() => postgresTable({connection, cursor: '', lag: -1, poll: '1 s' as '1s', pageRows: 0}))).toEqual([
    'It needs either a table or a query.',
    'The cursor is the name of a column; it is empty.',
    'A lag of -1 is no count: give an integer of at least 0, or a duration.',
    "'1 s' is not a duration.",
    'A page of 0 rows is none: give an integer of at least 1.',
  ]);
  const both = {connection, cursor: 'id', table: 'a.b.c', query: 'SELECT 1;'};
  expect(problemsOf(() => postgresTable(both))).toEqual([
    'It needs either a table or a query.',
    "'a.b.c' is neither 'table' nor 'schema.table'.",
    'A query is one SELECT without a semicolon.',
  ]);
  expect(problemsOf(() => kafkaTopic({connection, topic: 'a b'}))).toEqual([
    "'a b' is no topic: use letters, digits, '.', '_' and '-'.",
  ]);
});

test('an address in the place of a name is refused, and not repeated', () => {
  const connection = {env: 'postgres://me:secret@host/db'};
  try {
    postgresTable({connection, table: 't', cursor: 'id'});
    expect.fail('It was taken.');
  } catch (error) {
    expect(error).toMatchObject({
      code: 'DEFINITION_INVALID',
      problems: [{path: 'connection.env', fix: expect.stringContaining("{env: 'DATABASE_URL'}")}],
    });
    expect(JSON.stringify(error)).not.toContain('secret');
  }
});
