// Trains once with Millrace and prints {cpuSeconds, wallSeconds, auc}. Arguments: folder, threads, settings as JSON.
import {readFileSync} from 'node:fs';

const [folder, threads, json] = process.argv.slice(2);
const {trees, depth, leaves, learningRate} = JSON.parse(json);
const dist = process.env.MILLRACE_DIST ?? new URL('../../dist', import.meta.url).pathname;
const {gradientBoostedTrees, trainModel} = await import(`${dist}/training/index.js`);

function read(name) {
  const labels = Float64Array.from(readFileSync(`${folder}/${name}.labels`));
  const bytes = readFileSync(`${folder}/${name}.f32`);
  const rows = labels.length;
  const features = bytes.length / 4 / rows;
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, rows * features);
  const columns = Array.from({length: features}, (_, f) =>
    Float64Array.from(values.subarray(f * rows, (f + 1) * rows)),
  );
  return {matrix: {rows, columns, names: columns.map((_, f) => `f${f}`), kinds: columns.map(() => 'numeric')}, labels};
}

const train = read('train');
const test = read('test');
const definition = gradientBoostedTrees({
  trees,
  leaves,
  learningRate,
  maxDepth: depth,
  growth: 'level',
  l2: 1,
  minRowsInLeaf: 1,
  minHessianInLeaf: 1,
});
const cpu = process.cpuUsage();
const wall = performance.now();
const {predictor} = await trainModel(definition, {train, seed: 1, threads: Number(threads)});
const {user, system} = process.cpuUsage(cpu);
const wallSeconds = (performance.now() - wall) / 1_000;

const scores = predictor.predictBatch(test.matrix);
const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b]);
let ranks = 0;
let positives = 0;
order.forEach((row, rank) => {
  if (test.labels[row] === 1) {
    ranks += rank + 1;
    positives++;
  }
});
const auc = (ranks - (positives * (positives + 1)) / 2) / (positives * (scores.length - positives));
console.log(JSON.stringify({cpuSeconds: (user + system) / 1e6, wallSeconds, auc}));
