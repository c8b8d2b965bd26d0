// A drift report over rows × 50 columns of mixed types, two Parquet files: Millrace, Evidently's preset and NannyML's univariate
// calculator, each in a process of its own, from the files to the verdicts. Needs bench/peers/monitoring/setup.sh once.
// Run: npx tsx bench/drift-report.ts [--full: a million rows, else 100,000] [--rounds n] [--only text] [--json file]
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {driftFiles, MOVED} from './drift-report-data.ts';
import {runCompiled} from './harness/compiled.ts';
import {machine, options, report} from './harness/report.ts';

type Run = {
  readonly drifted: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly peakBytes: number;
  readonly first?: number;
  readonly median?: number;
  readonly bytes?: readonly number[];
};

const PYTHON = resolve('.venv-drift/bin/python');
const OWN = join(import.meta.dirname, 'drift-report-run.js');
const peer = (file: string) => [PYTHON, resolve('bench/peers/monitoring', file)] as const;

const SYSTEMS = [
  ['Millrace, monitor report', [process.execPath, OWN, 'report']],
  ['Evidently 0.7, DataDriftPreset', peer('evidently_report.py')],
  ['NannyML 0.13, univariate drift', peer('nannyml_univariate.py')],
] as const;

/** Neither peer may count the time it takes to tell its makers that it ran. */
const QUIET = {NML_DISABLE_USAGE_LOGGING: '1', DO_NOT_TRACK: '1'};

function measure([command, ...args]: readonly string[], files: readonly string[]): Run {
  const {stdout, status} = spawnSync(command!, [...args, ...files], {
    encoding: 'utf8',
    env: {...process.env, ...QUIET},
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}.`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Run;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

await runCompiled(import.meta.filename, async () => {
  const chosen = options(3);
  const rows = chosen.full ? 1_000_000 : 100_000;
  const {reference, current} = await driftFiles(rows);
  const systems = SYSTEMS.filter(([name]) => name.includes(chosen.only)).filter(([, [command]]) => existsSync(command));
  const runs = new Map(systems.map(([name]) => [name as string, [] as Run[]]));
  for (let round = 0; round < chosen.rounds; round++)
    for (const [name, command] of systems) {
      process.stderr.write(`  ${name}\n`);
      runs.get(name)!.push(measure(command, [reference, current]));
    }
  const own = [...runs.values()][0]!;
  const ownCpu = median(own.map(({cpuSeconds}) => cpuSeconds));
  const stored = measure([process.execPath, OWN, 'profiles'], [reference, current]);
  report(
    [
      {
        title: `A drift report over ${rows.toLocaleString('en-US')} rows × 50 columns`,
        columns: ['', 'CPU s', 'times', 's', 'peak MB', 'columns that drift'],
        rows: [...runs].map(([name, found]) => {
          const cpu = median(found.map(({cpuSeconds}) => cpuSeconds));
          return [
            name,
            cpu,
            cpu / ownCpu,
            median(found.map(({seconds}) => seconds)),
            Math.max(...found.map(({peakBytes}) => peakBytes)) / 1e6,
            found[0]!.drifted,
          ];
        }),
        notes: [
          `${machine()}. Median of ${chosen.rounds} interleaved rounds; CPU of the whole process, its start included. ${MOVED.length} of the 50 columns move.`,
        ],
      },
      {
        title: `Stored profiles of ${rows.toLocaleString('en-US')} rows × 50 columns, read and compared`,
        columns: ['', 'ms', 'first ms', 'kB each', 'columns that drift'],
        rows: [['Millrace', stored.median!, stored.first!, stored.bytes![0]! / 1e3, stored.drifted]],
      },
    ],
    chosen,
  );
});
