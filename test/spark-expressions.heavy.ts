// The Spark form of expressions, on a real Spark: every function over edge cases, and random expressions, against
// JavaScript. Skipped where there is no Spark: `pip install pyspark` (and a Java) and name the Python that has it
// in MILLRACE_SPARK_PYTHON.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {bindExpression} from '../src/features/expressions/bind.ts';
import {difference} from '../src/features/expressions/contract/difference.ts';
import {EDGE_COLUMNS, EDGE_ROWS, EDGE_SCHEMA} from '../src/features/expressions/contract/edge-rows.ts';
import {EVERY_FUNCTION} from '../src/features/expressions/contract/every-function.ts';
import {tree} from '../src/features/expressions/contract/trees.ts';
import type {Node} from '../src/features/expressions/node.ts';
import {printExpression} from '../src/features/expressions/print.ts';
import {expressionSql} from '../src/features/expressions/sql.ts';
import type {Value} from '../src/protocol/index.ts';

const PYTHON = process.env.MILLRACE_SPARK_PYTHON ?? 'python3';
const SPARK_TYPES = {number: 'double', int: 'bigint', string: 'string', bool: 'boolean', time: 'bigint'} as const;
const BATCH = 40;

/** Reads rows and expressions, writes values. The session's zone is an odd one, since it must play no part. */
const SCRIPT = `
import json, sys
from pyspark.sql import SparkSession
given = json.load(open(sys.argv[1]))
spark = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
  .config("spark.sql.session.timeZone", "America/St_Johns").config("spark.sql.shuffle.partitions", "1").getOrCreate())
spark.sparkContext.setLogLevel("ERROR")
def convert(kind, value):
  return value if value is None else float(value) if kind == "double" else int(value) if kind == "bigint" else value
kinds = [kind for _, kind in given["columns"]]
rows = [[i] + [convert(kind, value) for kind, value in zip(kinds, row)] for i, row in enumerate(given["rows"])]
frame = spark.createDataFrame(rows, "row int, " + ", ".join("\`%s\` %s" % (n, k) for n, k in given["columns"])).coalesce(1).cache()
values = []
for start in range(0, len(given["expressions"]), ${BATCH}):
  part = given["expressions"][start:start + ${BATCH}]
  try:
    got = frame.selectExpr("row", *["%s AS e%d" % (sql, i) for i, sql in enumerate(part)]).orderBy("row").collect()
    values += [[row["e%d" % i] for row in got] for i in range(len(part))]
  except Exception as batch_error:
    for sql in part:
      try: values.append([row["e"] for row in frame.selectExpr("row", sql + " AS e").orderBy("row").collect()])
      except Exception as error: values.append({"error": str(error)[:500]})
json.dump({"version": spark.version, "values": values}, open(sys.argv[2], "w"))
`;

const hasSpark = spawnSync(PYTHON, ['-c', 'import pyspark']).status === 0;
if (!hasSpark) console.warn(`Skipped: ${PYTHON} has no pyspark. Install it, or name another in MILLRACE_SPARK_PYTHON.`);

type Answer = {readonly version: string; readonly values: readonly (readonly Value[] | {readonly error: string})[]};

function inSpark(nodes: readonly Node[]): Answer {
  const folder = mkdtempSync(join(tmpdir(), 'spark-expressions-'));
  try {
    const [script, given, answer] = ['run.py', 'given.json', 'answer.json'].map(name => join(folder, name));
    writeFileSync(script!, SCRIPT);
    writeFileSync(
      given!,
      JSON.stringify({
        columns: Object.entries(EDGE_SCHEMA).map(([name, {type}]) => [name, SPARK_TYPES[type]]),
        rows: EDGE_ROWS.map(row => Object.keys(EDGE_SCHEMA).map(name => row[name as keyof typeof row])),
        expressions: nodes.map(node => expressionSql(node, undefined, 'spark')),
      }),
    );
    const {status, stderr} = spawnSync(PYTHON, [script!, given!, answer!], {encoding: 'utf8'});
    if (status !== 0) throw new Error(`Spark ended with ${status}: ${stderr.slice(-2_000)}`);
    return JSON.parse(readFileSync(answer!, 'utf8').replaceAll(/\b-?(?:Infinity|NaN)\b/g, '"not finite"')) as Answer;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

function firstDifference(name: string, node: Node, got: Answer['values'][number]): string[] {
  if (!Array.isArray(got)) return [`${printExpression(node)}: ${(got as {error: string}).error}`];
  const js = bindExpression(node, EDGE_COLUMNS);
  const row = EDGE_ROWS.findIndex((_, i) => difference(js(i), got[i] as Value, name) > 0);
  if (row < 0) return [];
  const values = `${JSON.stringify(js(row))} in JavaScript, ${JSON.stringify(got[row])} in Spark`;
  return [`${name}: ${printExpression(node)}: ${values}, of ${JSON.stringify(EDGE_ROWS[row])}`];
}

test.skipIf(!hasSpark)('every function, and random expressions, give in Spark what they give in JavaScript', () => {
  const trees = fc.oneof(tree('number', 3), tree('string', 2), tree('bool', 3), tree('time', 2));
  const random = fc.sample(trees, {numRuns: 400, seed: 8});
  const cases = [
    ...Object.entries(EVERY_FUNCTION).map(([name, {node}]) => ({name, node})),
    ...random.map(({node}) => ({name: 'random', node})),
  ];
  const {version, values} = inSpark(cases.map(({node}) => node));
  console.info(`Spark ${version}: ${cases.length} expressions over ${EDGE_ROWS.length} rows.`);
  expect(cases.flatMap(({name, node}, i) => firstDifference(name, node, values[i]!))).toEqual([]);
});
