// Rows per second of a training set, beside the same features in plain DuckDB SQL, which must be equal.
// Run: npx tsx bench/training-set.ts [--full] [--rounds n]
import {findModel, ingestHistory, type Runtime} from '../src/app/index.ts';
import {buildTrainingSet} from '../src/datasets/index.ts';
import {computeFeatures, type FeatureSet, type Spine, type ViewUse} from '../src/features/index.ts';
import {type Candidate, compare} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {flights, open, throwAwayFolder} from './harness/flights.ts';
import {options, ratesTable, report, type Table} from './harness/report.ts';
import {collect, createSpine, largestDifference} from './sql/spine.ts';
import {derivedSql, prefixSums, rangeFrames, rangeJoin} from './sql/windows.ts';

const TOLERANCE = 1e-9;

type Formulation = (use: ViewUse, relation: string) => string;

const FORMULATIONS: readonly (readonly [name: string, formulation: Formulation])[] = [
  ['SQL: running sums, ASOF joins', prefixSums],
  ['SQL: union, RANGE frames', rangeFrames],
  ['SQL: range join', rangeJoin],
];

const candidate = (name: string, rows: number, work: () => Promise<unknown>): Candidate => ({
  name,
  begin: async () => ({work: () => work().then(() => rows)}),
});

/** The features in every way there is, compared with each other before anything is measured. */
async function features({sql, archive}: Runtime, set: FeatureSet, spine: Spine, views: readonly ViewUse[]) {
  const relation = (stream: string) => archive.relation(stream);
  const derived = views.length === set.views.length;
  // A single view reads no request: the other fields are for the derived features.
  const part: FeatureSet = derived ? set : {...set, views, derived: [], request: {}};
  const ours = () => computeFeatures(part, spine, {sql, relation});
  const theirs = (formulation: Formulation) => () =>
    collect(sql, spine.rows, [
      ...views.map(use => formulation(use, relation(use.view.source.name))),
      ...(derived ? [derivedSql(set)] : []),
    ]);
  const expected = await ours();
  let largest = 0;
  for (const [name, formulation] of FORMULATIONS) {
    const difference = largestDifference(expected, await theirs(formulation)());
    if (!(difference <= TOLERANCE)) throw new Error(`${name} differs by ${difference}.`);
    largest = Math.max(largest, difference);
  }
  return {
    candidates: [
      candidate('Millrace', spine.rows, ours),
      ...FORMULATIONS.map(([name, formulation]) => candidate(name, spine.rows, theirs(formulation))),
    ],
    largest,
  };
}

/** The whole build: spine, labels, features, audit of 200 rows, content hash. */
function build(runtime: Runtime, to: number): Candidate {
  const {sql, archive, project} = runtime;
  const {name, decisions, features: set, label, seed} = findModel(project);
  return {
    name: 'training set (labels, features, hash, leakage audit)',
    begin: async () => ({
      work: async () => {
        const {record} = await buildTrainingSet(
          {name, spine: decisions, features: set, label, keep: ['origin']},
          {
            sql,
            relation: stream => archive.relation(stream),
            from: 0,
            to,
            asOf: to,
            id: 'bench',
            createdAt: to,
            auditRows: 200,
            seed,
          },
        );
        return record.rows;
      },
    }),
  };
}

await runCompiled(import.meta.filename, async () => {
  const given = options(3);
  const data = await flights(given.full ? null : 300_000);
  const runtime = await open(data.project, throwAwayFolder());
  await ingestHistory(runtime, data.project.sources);
  await runtime.archive.update();
  const set = findModel(data.project).features;
  const spine = await createSpine(set, runtime.sql, runtime.archive.relation('departures'));

  const tables: Table[] = [];
  const {candidates, largest} = await features(runtime, set, spine, set.views);
  const all = await compare([...candidates, build(runtime, spine.maxTime + 1)], {
    rounds: given.rounds,
    warmUp: false,
  });
  tables.push(
    ratesTable(
      `${set.features.length} features of ${spine.rows.toLocaleString('en-US')} rows from ${runtime.log.end().toLocaleString('en-US')} events`,
      'rows',
      all,
      [
        `The results were equal within ${largest.toExponential(1)} before they were timed. Two threads for DuckDB; Millrace's own part runs on one.`,
      ],
    ),
  );
  for (const use of set.views) {
    const one = await features(runtime, set, spine, [use]);
    tables.push(
      ratesTable(
        `View '${use.view.name}' alone: ${use.view.features.map(f => f.name).join(', ')}`,
        'rows',
        await compare(one.candidates, {rounds: Math.min(3, given.rounds), warmUp: false}),
      ),
    );
  }
  await runtime.close();
  report(tables, given);
});
