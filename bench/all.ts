// Every benchmark, one after the other, as one Markdown page on standard output and as JSON beside it.
// Run: npx tsx bench/all.ts [--full] [--rounds n] [--json file]; the JSON goes to .millrace/bench/results.json.
import {spawnSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {runCompiled} from './harness/compiled.ts';
import {throwAwayFolder} from './harness/flights.ts';
import {machine, markdown, options, type Table} from './harness/report.ts';

const BENCHES = [
  ['ingest', 'Ingest'],
  ['training-set', 'Training set'],
  ['feature-join', 'Feature joins'],
  ['stream-ingest', 'Live state'],
  ['feature-cuts', 'Cuts'],
  ['skew', 'Served against recomputed'],
  ['http', 'Prediction'],
  ['overload', 'Overload'],
  ['workers', 'Workers'],
  ['access', 'Access'],
  ['batch', 'Batch prediction'],
  ['compress', 'Compression'],
  ['replay', 'Replay'],
  ['drift-report', 'Drift report'],
  ['false-alarms', 'False alarms'],
  ['estimate-coverage', 'Estimated performance'],
] as const;

/** Runs one in a process of its own and returns its tables. */
function run(name: string, args: readonly string[]): Table[] {
  const json = join(throwAwayFolder(), 'tables.json');
  process.stderr.write(`${name}\n`);
  const {status} = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.js`), ...args, '--json', json], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`The benchmark '${name}' ended with ${status}.`);
  return JSON.parse(readFileSync(json, 'utf8')) as Table[];
}

await runCompiled(import.meta.filename, async () => {
  const {full, json} = options(0);
  const at = process.argv.indexOf('--rounds');
  const args = [...(full ? ['--full'] : []), ...(at < 0 ? [] : ['--rounds', process.argv[at + 1]!])];
  const results = BENCHES.map(([name, title]) => ({name, title, tables: run(name, args)}));
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}, ${machine()}.\n`);
  for (const {title, tables} of results) console.log(`## ${title}\n\n${tables.map(markdown).join('\n\n')}\n`);
  const file = resolve(json ?? '.millrace/bench/results.json');
  mkdirSync(resolve(file, '..'), {recursive: true});
  writeFileSync(file, JSON.stringify({date, machine: machine(), results}, null, 2));
  process.stderr.write(`All figures: ${file}\n`);
});
