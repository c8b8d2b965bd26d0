// Batches in process: the built-in evaluator beside LightGBM's own predict, one thread each, the same trees and rows.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {createInterface} from 'node:readline';
import {type Matrix, makePredictor} from '../../../src/models/index.ts';
import {median} from '../../harness/compare.ts';
import type {Table} from '../../harness/report.ts';
import {SPEC} from './millrace-project.ts';
import {SOURCES} from './python-target.ts';
import type {ServedModel} from './target.ts';
import {forestOfTrees} from './trees.ts';

const ROWS = 1_000;
const REPEATS = 200;

type Spent = {readonly seconds: number; readonly cpuSeconds: number};

export async function batches({folder, rows, expected}: ServedModel, rounds: number): Promise<Table> {
  const predictor = makePredictor(SPEC, forestOfTrees(JSON.parse(readFileSync(join(folder, 'trees.json'), 'utf8'))));
  const batch = rows.slice(0, ROWS);
  const matrix: Matrix = {
    rows: ROWS,
    columns: SPEC.features.map((_, f) => Float64Array.from(batch, row => row[f]!)),
    names: SPEC.features.map(({name}) => name),
    kinds: SPEC.features.map(() => 'numeric'),
  };
  const off = predictor.predictBatch(matrix).reduce((most, p, i) => Math.max(most, Math.abs(p - expected[i]!)), 0);
  if (!(off < 1e-5)) throw new Error(`Batches differ from LightGBM's by ${off}.`);

  const python = spawn(resolve('.venv-serving/bin/python'), [join(SOURCES, 'lightgbm_batch.py'), folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {...process.env, OMP_NUM_THREADS: '1'},
  });
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  const theirs = async (): Promise<Spent> => {
    python.stdin.write(`${ROWS} ${REPEATS}\n`);
    return JSON.parse((await lines.next()).value as string) as Spent;
  };
  const ours = async (): Promise<Spent> => {
    const [started, before] = [performance.now(), process.cpuUsage()];
    for (let i = 0; i < REPEATS; i++) predictor.predictBatch(matrix);
    const {user, system} = process.cpuUsage(before);
    return {seconds: (performance.now() - started) / 1_000, cpuSeconds: (user + system) / 1e6};
  };
  const samples: {readonly ours: Spent; readonly theirs: Spent}[] = [];
  for (let round = -1; round < rounds; round++) {
    const sample = {ours: await ours(), theirs: await theirs()};
    if (round >= 0) samples.push(sample);
  }
  python.stdin.end();
  await once(python, 'close');
  const rate = (who: 'ours' | 'theirs') => median(samples.map(s => (ROWS * REPEATS) / s[who].cpuSeconds));
  return {
    title: `Batches of ${ROWS.toLocaleString('en-US')} rows in process, one thread`,
    columns: ['', 'rows/CPU-s', 'ms a batch', 'CPU'],
    rows: [
      ['LightGBM, predict', rate('theirs'), median(samples.map(s => s.theirs.seconds / REPEATS)) * 1_000, 1],
      [
        'Millrace, predictBatch',
        rate('ours'),
        median(samples.map(s => s.ours.seconds / REPEATS)) * 1_000,
        median(samples.map(s => s.ours.cpuSeconds / s.theirs.cpuSeconds)),
      ],
    ],
    notes: ["LightGBM's predict is called from Python on a float64 array in rows, ours on columns."],
  };
}
