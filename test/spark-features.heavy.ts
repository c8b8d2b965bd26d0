// The Spark form of every aggregation over every window, on a real Spark, against DuckDB over the same Parquet files.
// Skipped where there is no Spark: `pip install pyspark` (and a Java) and name the Python that has it in
// MILLRACE_SPARK_PYTHON.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {disagreements} from '../src/features/contract/agreement.ts';
import {allAtPayment, history, payments, START} from '../src/features/contract/history.ts';
import {isLatest, latestSql} from '../src/features/sql/latest-sql.ts';
import {referenceSql} from '../src/features/sql/reference-sql.ts';
import {type ColumnSpec, columnSpecs} from '../src/protocol/index.ts';
import {openDuckDb} from '../src/stores/duckdb/index.ts';

const PYTHON = process.env.MILLRACE_SPARK_PYTHON ?? 'python3';

/** Runs queries over the views `spine` and `events`; writes the rows of each. */
const SCRIPT = `
import json, sys
from pyspark.sql import SparkSession
folder, given = sys.argv[1], json.load(open(sys.argv[1] + "/queries.json"))
spark = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
  .config("spark.sql.session.timeZone", "America/St_Johns").config("spark.sql.shuffle.partitions", "2").getOrCreate())
spark.sparkContext.setLogLevel("ERROR")
for name in ("spine", "events"):
  spark.read.parquet(folder + "/" + name + ".parquet").cache().createOrReplaceTempView(name)
answers = []
for sql in given:
  try: answers.append([[row["_row"], row["value"]] for row in spark.sql(sql).collect()])
  except Exception as error: answers.append(str(error)[:800])
json.dump({"version": spark.version, "answers": answers}, open(folder + "/answers.json", "w"))
`;

const hasSpark = spawnSync(PYTHON, ['-c', 'import pyspark']).status === 0;
if (!hasSpark) console.warn(`Skipped: ${PYTHON} has no pyspark. Install it, or name another in MILLRACE_SPARK_PYTHON.`);

type Answer = number | string | null;
type Answers = {readonly version: string; readonly answers: readonly ((readonly [number, Answer])[] | string)[]};

const int = (name: string): ColumnSpec => ({name, type: 'int', nullable: true});
const specs: ColumnSpec[] = [
  ...['_position', '_time', '_arrival'].map(int),
  {name: '_id', type: 'string', nullable: false},
  ...columnSpecs(payments.schema).map(spec => (spec.type === 'time' ? int(spec.name) : spec)),
];

test.skipIf(!hasSpark)('every aggregation over every window gives in Spark what it gives in DuckDB', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spark-features-'));
  const sql = await openDuckDb();
  try {
    const [events, spine] = ['events', 'spine'].map(name => join(folder, `${name}.parquet`));
    await sql.writeParquet(
      events!,
      specs,
      history(41, 700).map(({position, count, eventTimes, arrivalTimes, ids, columns}) => ({
        count,
        columns: {
          ...columns,
          _position: Float64Array.from({length: count}, (_, i) => position + i),
          _time: eventTimes,
          _arrival: arrivalTimes,
          _id: ids,
        },
      })),
    );
    const rows = 50;
    const q = Float64Array.from({length: rows}, (_, i) => START + i * 7_000_000);
    await sql.writeParquet(
      spine!,
      [
        int('_row'),
        int('_q'),
        int('_position'),
        ...['user', 'shop'].map(name => ({name, type: 'string' as const, nullable: false})),
      ],
      [
        {
          count: rows,
          columns: {
            _row: Float64Array.from(q, (_, i) => i),
            _q: q,
            _position: new Float64Array(rows).fill(Number.NaN),
            user: Array.from(q, (_, i) => ['busy', 'a', 'nobody', 'ö'][i % 4]!),
            shop: Array.from(q, () => 's'),
          },
        },
      ],
    );
    await sql.run(`CREATE VIEW spine AS SELECT * FROM read_parquet('${spine}')`);
    const features = allAtPayment.views.flatMap(use => use.view.features.map(feature => ({use, feature})));
    const latest = features.filter(({feature}) => isLatest(feature));
    expect(latest.length).toBeGreaterThan(3);
    const inSpark = [
      ...features.map(({use, feature}) => ({
        use,
        feature,
        query: referenceSql(use, feature, 'spine', 'events', 'TRUE', 'spark'),
      })),
      ...latest.map(({use, feature}) => ({use, feature, query: latestSql(use, feature, 'spine', 'events', 'spark')})),
    ];
    writeFileSync(join(folder, 'queries.json'), JSON.stringify(inSpark.map(({query}) => query)));
    writeFileSync(join(folder, 'run.py'), SCRIPT);
    const {status, stderr} = spawnSync(PYTHON, [join(folder, 'run.py'), folder], {encoding: 'utf8'});
    expect(status, stderr.slice(-2_000)).toBe(0);
    const {version, answers} = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')) as Answers;
    console.info(`Spark ${version}: ${inSpark.length} queries over ${rows} rows.`);
    for (const [i, {use, feature}] of inSpark.entries()) {
      const got = answers[i]!;
      if (typeof got === 'string') throw new Error(`${feature.name}: ${got}`);
      const want = await sql.rows(referenceSql(use, feature, 'spine', `read_parquet('${events}')`));
      const view = {...use.view, features: [feature]};
      const named = (value: unknown) => ({
        [feature.name]: (typeof value === 'boolean' ? Number(value) : value) as Answer,
      });
      const byRow = new Map(got.map(([row, value]) => [row, value]));
      for (const {_row, value} of want)
        expect(disagreements(view, named(byRow.get(Number(_row))!), named(value)), `row ${_row}`).toEqual([]);
      expect(byRow.size).toBe(rows);
    }
  } finally {
    await sql.close();
    rmSync(folder, {recursive: true, force: true});
  }
});
