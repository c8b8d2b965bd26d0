// Trains the same trees with Millrace, XGBoost and LightGBM, in turns, and prints a table and one line of JSON.
// Run: npm run build:kernel && npm run build:code && node bench/training/run.mjs [rows] [rounds]
// Needs python3; makes bench/training/.venv on its first run. Medians over rounds; each run is a new process.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {writeDataSet} from './data-set.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const rows = Number(process.argv[2] ?? 100_000);
const rounds = Number(process.argv[3] ?? 5);
const settings = {trees: 100, depth: 6, leaves: 64, learningRate: 0.1};
const features = 30;
const python = join(here, '.venv/bin/python');

if (!existsSync(python)) {
  execFileSync('python3', ['-m', 'venv', join(here, '.venv')], {stdio: 'inherit'});
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'numpy', 'scipy', 'xgboost', 'lightgbm'], {
    stdio: 'inherit',
  });
}

/** Waiting OpenMP threads must not spin, or the peers pay for cores that they do not use. */
const env = {...process.env, OMP_WAIT_POLICY: 'passive'};
const folder = mkdtempSync(join(tmpdir(), 'millrace-training-'));
const results = [];
try {
  writeDataSet(folder, {rows, testRows: 50_000, features, seed: 1});
  const json = JSON.stringify(settings);
  for (let round = 0; round < rounds; round++) {
    for (const threads of [1, 2]) {
      for (const name of ['millrace', 'xgboost', 'lightgbm']) {
        const command = name === 'millrace' ? process.execPath : python;
        const script = name === 'millrace' ? [join(here, 'millrace.mjs')] : [join(here, 'peers.py'), name];
        const output = execFileSync(command, [...script, folder, String(threads), json], {env, encoding: 'utf8'});
        results.push({name, threads, ...JSON.parse(output.trim().split('\n').at(-1))});
      }
    }
  }
} finally {
  rmSync(folder, {recursive: true, force: true});
}

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const summary = [1, 2].flatMap(threads => {
  const of = name => {
    const runs = results.filter(run => run.name === name && run.threads === threads);
    return Object.fromEntries(
      ['cpuSeconds', 'wallSeconds', 'auc'].map(key => [key, median(runs.map(run => run[key]))]),
    );
  };
  const peer = of('xgboost');
  return ['millrace', 'xgboost', 'lightgbm'].map(name => {
    const {cpuSeconds, wallSeconds, auc} = of(name);
    const ratio = {cpuToXgboost: cpuSeconds / peer.cpuSeconds, wallToXgboost: wallSeconds / peer.wallSeconds};
    return {name, threads, cpuSeconds, wallSeconds, auc, ...ratio};
  });
});

console.table(
  summary.map(row =>
    Object.fromEntries(
      Object.entries(row).map(([k, v]) => [
        k,
        typeof v === 'number' && !Number.isInteger(v) ? Number(v.toFixed(4)) : v,
      ]),
    ),
  ),
);
console.log(
  JSON.stringify({
    benchmark: 'training',
    rows,
    features,
    settings,
    rounds,
    node: process.version,
    cpu: cpus()[0]?.model,
    summary,
  }),
);
