// What a smaller model saves and costs: the example's flights model, a seeded model of 100 trees with 31 leaves on 28
// features, and two dense ONNX networks. Run: npx tsx bench/compress.ts [--full] [--only text] [--json file]

import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {applyMethods} from '../src/app/compress/apply-methods.ts';
import {measureLatency} from '../src/app/compress/latency.ts';
import {type CompressionMethod, compressionMethods} from '../src/app/compress/method.ts';
import {networkFile} from '../src/app/compress/network.fixture.ts';
import {compressOnnx, compressVersion, distil, findModel, openRuntime, versionToExport} from '../src/app/index.ts';
import {logLoss, normal, rocAuc, seededRandom} from '../src/math/index.ts';
import {loadModel, type Matrix, sliceRows} from '../src/models/index.ts';
import {ManualClock} from '../src/protocol/index.ts';
import {gradientBoostedTrees, trainModel} from '../src/training/index.ts';
import {runCompiled} from './harness/compiled.ts';
import {deploy, flights, throwAwayFolder} from './harness/flights.ts';
import {type Cell, machine, options, report, type Table} from './harness/report.ts';

const now = () => performance.now();
const COLUMNS = ['', 'bytes', 'memory kB', 'one row µs', '1,000 rows ms', 'AUC', 'AUC change', 'log loss change'];

const WAYS: readonly (readonly [name: string, methods: readonly CompressionMethod[]])[] = [
  ['16 bits', compressionMethods('quantise-16', {})],
  ['8 bits', compressionMethods('quantise-8', {})],
  ['pruned to 0.0005 log loss', compressionMethods('prune', {})],
  ['pruned to half the trees and leaves', compressionMethods('prune', {trees: 50, leaves: 16})],
  ['pruned to 0.0005, 8 bits', compressionMethods('prune,quantise-8', {})],
  ['distilled: 50 × 15', compressionMethods('distil', {})],
  ['distilled: 50 × 15, 8 bits', compressionMethods('distil,quantise-8', {})],
  ['distilled: linear', compressionMethods('distil', {student: 'linear'})],
];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Freed memory is counted as free some time after the collection. */
async function settle(): Promise<void> {
  for (let k = 0; k < 3; k++) {
    collect();
    await new Promise(resolve => setTimeout(resolve, 30));
  }
}

/** Kilobytes of arrays that an evaluator keeps, over many copies of it. */
async function memoryOf(artifact: Uint8Array): Promise<number> {
  const copies = 50;
  await settle();
  const before = process.memoryUsage().arrayBuffers;
  const held = Array.from({length: copies}, () => loadModel(artifact));
  await settle();
  const kilobytes = (process.memoryUsage().arrayBuffers - before) / held.length / 1_000;
  return kilobytes;
}

async function flightsTable(rows: number | null): Promise<Table> {
  const data = await flights(rows);
  const {folder, midpoint} = await deploy(data, throwAwayFolder());
  const runtime = await openRuntime(data.project, {folder, clock: new ManualClock(midpoint), durability: 'process'});
  const definition = findModel(data.project);
  const version = await versionToExport(runtime, definition);
  const artifact = await runtime.registry.artifact(version);
  const cells: Cell[][] = [];
  for (const [name, methods] of WAYS) {
    const made = await compressVersion(runtime, definition, {version, methods, register: false, now});
    const {before, after, change} = made.report;
    if (cells.length === 0)
      cells.push([
        'as trained',
        before.bytes,
        await memoryOf(artifact),
        before.latency.rowUs,
        before.latency.batchMs,
        before.metrics.auc,
        null,
        null,
      ]);
    cells.push([
      name,
      after.bytes,
      await memoryOf(made.artifact),
      after.latency.rowUs,
      after.latency.batchMs,
      after.metrics.auc,
      change.auc!.value,
      -change.logLoss!.value,
    ]);
  }
  const {rows: testRows} = version.metrics;
  await runtime.close();
  return {
    title: `${definition.name} (${version.algorithm}), ${testRows} test rows`,
    columns: COLUMNS,
    rows: cells,
    notes: [`The artifact holds the vocabularies and check rows too. Memory is of the arrays that an evaluator keeps.`],
  };
}

/** Pairs of features that act together, and waves: no model of few leaves has it easy. */
function problem(rows: number, seed: number): {readonly matrix: Matrix; readonly labels: Float64Array} {
  const random = seededRandom(seed);
  const columns = Array.from({length: 28}, () => Float64Array.from({length: rows}, () => normal(random)));
  const labels = Float64Array.from({length: rows}, (_, i) => {
    let margin = 0;
    for (let f = 0; f < 28; f += 2)
      margin += 0.5 * columns[f]![i]! * columns[f + 1]![i]! + 0.3 * Math.sin(3 * columns[f]![i]!);
    return random() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  });
  return {matrix: {rows, columns, names: columns.map((_, f) => `f${f}`), kinds: columns.map(() => 'numeric')}, labels};
}

async function seededTable(rows: number): Promise<Table> {
  const [train, validation, test] = [problem(rows, 1), problem(20_000, 2), problem(50_000, 3)];
  const trainer = gradientBoostedTrees({trees: 100, leaves: 31, earlyStoppingRounds: 0});
  const {bytes} = await trainModel(trainer, {train, validation, seed: 1, threads: 2});
  const artifacts: [string, Uint8Array][] = [['as trained', bytes]];
  for (const [name, methods] of WAYS)
    artifacts.push([
      name,
      await applyMethods(bytes, methods, {train: train.matrix, validation}, {seed: 1, threads: 2}),
    ]);
  const more = gradientBoostedTrees({trees: 50, leaves: 15, learningRate: 0.2});
  const teacher = loadModel(bytes);
  const mixed = {
    student: more,
    train: train.matrix,
    validation: validation.matrix,
    extraRows: rows,
    seed: 1,
    threads: 2,
  };
  artifacts.push(['distilled: 50 × 15, as many mixed rows', await distil(m => teacher.predictBatch(m), mixed)]);
  const predictors = artifacts.map(([, artifact]) => loadModel(artifact));
  const latencies = measureLatency(predictors, sliceRows(test.matrix, 0, 1_000), now);
  const quality = predictors.map(predictor => {
    const scores = predictor.predictBatch(test.matrix);
    return {auc: rocAuc(scores, test.labels), loss: logLoss(scores, test.labels)};
  });
  const [whole] = quality;
  return {
    title: `100 trees × 31 leaves × 28 features, trained on ${rows} seeded rows, ${test.matrix.rows} test rows`,
    columns: COLUMNS,
    rows: await inTurn(artifacts, async ([name, artifact], i): Promise<Cell[]> => {
      const {auc, loss} = quality[i]!;
      const {rowUs, batchMs} = latencies[i]!;
      const changes = i === 0 ? [null, null] : [auc - whole!.auc, loss - whole!.loss];
      return [name, artifact.length, await memoryOf(artifact), rowUs, batchMs, auc, ...changes];
    }),
  };
}

/** One after the other: memory is measured. */
async function inTurn<T, R>(items: readonly T[], work: (item: T, i: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [i, item] of items.entries()) results.push(await work(item, i));
  return results;
}

async function networksTable(): Promise<Table> {
  const rows: Cell[][] = [];
  for (const sizes of [
    [64, 256, 256, 1],
    [256, 1_024, 512, 16],
  ]) {
    const network = networkFile(1, sizes);
    const rank = sizes[1]! / 8;
    for (const [name, methods] of [
      ['int8', [{kind: 'int8'}]],
      [`rank ${rank}`, [{kind: 'low-rank', rank}]],
      [`rank ${rank}, int8`, [{kind: 'low-rank', rank}, {kind: 'int8'}]],
    ] as const) {
      const {report: made} = await compressOnnx(network, {methods, seed: 1, now});
      const cells = ({bytes, latency}: typeof made.before): Cell[] => [bytes, latency.rowUs, latency.batchMs];
      if (name === 'int8') rows.push([sizes.join('–'), ...cells(made.before), null]);
      rows.push([name, ...cells(made.after), made.difference.mean / made.difference.deviation]);
    }
  }
  return {
    title: 'Dense ONNX networks of random weights in ONNX Runtime, one thread',
    columns: ['', 'bytes', 'one row µs', '1,000 rows ms', 'mean difference / deviation'],
    rows,
    notes: ['Random weights have no small singular values: low rank costs trained networks far less than these.'],
  };
}

await runCompiled(import.meta.filename, async () => {
  const given = options(1);
  const cases: readonly (readonly [string, () => Promise<Table>])[] = [
    ['flights', () => flightsTable(given.full ? null : 300_000)],
    ['seeded', () => seededTable(given.full ? 200_000 : 50_000)],
    ['networks', networksTable],
  ];
  const tables: Table[] = [];
  for (const [name, make] of cases) if (name.includes(given.only)) tables.push(await make());
  process.stderr.write(`${machine()}\n`);
  report(tables, given);
});
