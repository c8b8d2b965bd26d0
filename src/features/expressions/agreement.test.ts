import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Value} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {bindExpression, bindNumber} from './bind.ts';
import {difference} from './contract/difference.ts';
import {EDGE_COLUMNS, EDGE_ROWS, EDGE_SCHEMA} from './contract/edge-rows.ts';
import {EVERY_FUNCTION} from './contract/every-function.ts';
import {tree} from './contract/trees.ts';
import {FUNCTIONS} from './functions.ts';
import type {Node} from './node.ts';
import {printExpression} from './print.ts';
import {expressionSql, identifier} from './sql.ts';

const SQL_TYPES = {number: 'DOUBLE', int: 'BIGINT', string: 'VARCHAR', bool: 'BOOLEAN', time: 'BIGINT'} as const;

let sql: SqlEngine;
beforeAll(async () => {
  sql = await openDuckDb();
  const columns = Object.entries(EDGE_SCHEMA).map(
    ([name, {type}]) => `CAST(${identifier(name)} AS ${SQL_TYPES[type]}) AS ${identifier(name)}`,
  );
  const rows = EDGE_ROWS.map((row, i) => `(${i}, ${Object.values(row).map(written).join(', ')})`);
  const names = Object.keys(EDGE_SCHEMA).map(identifier).join(', ');
  await sql.run(
    `CREATE TABLE edges AS SELECT row, ${columns.join(', ')} FROM (VALUES ${rows.join(', ')}) AS t(row, ${names})`,
  );
});
afterAll(() => sql.close());

const written = (value: Value): string => expressionSql({op: 'literal', value});

/** Values of each expression in DuckDB, row by row. */
async function inDuckDb(nodes: readonly Node[]): Promise<Value[][]> {
  const list = nodes.map((node, i) => `${expressionSql(node)} AS e${i}`);
  const rows = await sql.rows(`SELECT ${list.join(', ')} FROM edges ORDER BY row`);
  return nodes.map((_, i) => rows.map(row => row[`e${i}`] ?? null));
}

/** The first row on which DuckDB and JavaScript differ, in words. */
function firstDifference(
  node: Node,
  got: readonly Value[],
  tolerance: Parameters<typeof difference>[2],
): string | null {
  const js = bindExpression(node, EDGE_COLUMNS);
  for (let row = 0; row < EDGE_ROWS.length; row++) {
    const want = js(row);
    if (difference(want, got[row]!, tolerance) > 0)
      return `${printExpression(node)}: ${JSON.stringify(want)} in JavaScript, ${JSON.stringify(got[row])} in SQL, of ${JSON.stringify(EDGE_ROWS[row])}`;
  }
  return null;
}

describe('JavaScript and DuckDB agree', () => {
  test('there is an example of every function', () => {
    const used = new Set<string>();
    const visit = (node: Node): void => {
      if (node.op !== 'call') return;
      used.add(node.fn);
      node.args.forEach(visit);
    };
    for (const {node} of Object.values(EVERY_FUNCTION)) visit(node);
    expect(Object.keys(FUNCTIONS).filter(name => !used.has(name))).toEqual([]);
  });

  test('on every function over edge cases', async () => {
    const entries = Object.entries(EVERY_FUNCTION);
    const got = await inDuckDb(entries.map(([, {node}]) => node));
    const wrong = entries.flatMap(([name, {node}], i) => firstDifference(node, got[i]!, name) ?? []);
    expect(wrong).toEqual([]);
  });

  test('to the bit on random expressions', async () => {
    const trees = fc.oneof(tree('number', 3), tree('string', 3), tree('bool', 3), tree('time', 2));
    await fc.assert(
      fc.asyncProperty(fc.array(trees, {minLength: 25, maxLength: 25}), async expressions => {
        const got = await inDuckDb(expressions.map(({node}) => node));
        expect(expressions.flatMap(({node}, i) => firstDifference(node, got[i]!, 'exact') ?? [])).toEqual([]);
      }),
      {numRuns: 12, seed: 3, endOnFailure: true},
    );
  });
});

test('numbers bound as float64 are those of the function table', () => {
  fc.assert(
    fc.property(tree('number', 4), ({node}) => {
      const value = bindExpression(node, EDGE_COLUMNS);
      const number = bindNumber(node, EDGE_COLUMNS);
      expect(EDGE_ROWS.map((_, row) => number(row))).toEqual(EDGE_ROWS.map((_, row) => value(row) ?? Number.NaN));
    }),
    {numRuns: 25, seed: 4},
  );
});
