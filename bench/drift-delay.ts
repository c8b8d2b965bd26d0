// Weeks until a change is found, and columns that are flagged though nothing happened to them: beside the defaults of
// Evidently and NannyML on the same rows. Needs .venv-drift (bench/peers/monitoring/setup.sh).
// Run: npx tsx bench/drift-delay.ts [--rounds n]; n runs of each change.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {metricsOf} from '../src/evaluation/index.ts';
import {
  buildTrainingProfile,
  describeWindow,
  judgeAlerts,
  mergeRecords,
  monitorPolicy,
  type TalliesRecord,
  WindowMonitor,
} from '../src/monitoring/index.ts';
import type {Alert, MonitorWindow} from '../src/protocol/index.ts';
import {runCompiled} from './harness/compiled.ts';
import {options, report, type Table} from './harness/report.ts';
import {
  BEFORE,
  NAMES,
  REFERENCE_ROWS,
  STREAM_CHANGES,
  type StreamChange,
  streamOf,
  WEEKS,
  writeStream,
} from './monitoring/streams.ts';

const SIZES = [200, 1_000];
const WEEK = 7 * 86_400_000;
const policy = monitorPolicy({window: '7d', drift: {features: 'all'}, predictionDrift: null, volume: null});
const python = resolve(process.cwd(), '.venv-drift/bin/python');

/** Weeks in which each column was flagged. */
type Flags = {readonly [column: string]: readonly number[]};

/** The platform: a column is flagged in a week while the ticket about drifting features names it. */
function ours(change: StreamChange, rows: number, seed: number): Flags {
  const stream = streamOf(change, rows, seed);
  const reference = Array.from({length: REFERENCE_ROWS}, () => stream.next().value![1]);
  const scores = Float64Array.from(reference, (_, i) => (i + 0.5) / reference.length);
  const profile = buildTrainingProfile({
    model: 'm',
    version: 1,
    baseRate: 0.5,
    features: NAMES.map((name, f) => ({
      name,
      importance: 1 / NAMES.length,
      ...(name.startsWith('n')
        ? {kind: 'numeric' as const, values: Float64Array.from(reference, row => row[f] as number)}
        : {kind: 'categorical' as const, values: reference.map(row => row[f] as string)}),
    })),
    predictions: scores,
    test: metricsOf(
      scores,
      scores.map((_, i) => i % 2),
    ),
  });
  const monitor = new WindowMonitor(profile, policy, {from: 4 * 86_400_000});
  const start = monitor.span.from;
  const windows: MonitorWindow[] = [];
  const recent: {from: number; tallies: TalliesRecord}[] = [];
  const flagged: Record<string, number[]> = Object.fromEntries(NAMES.map(name => [name, []]));
  let open: Alert[] = [];
  const close = (until: number, week: number) => {
    for (const closed of monitor.advanceTo(until)) {
      const alone = describeWindow(closed, policy);
      recent.push({from: closed.from, tallies: alone.tallies});
      if (recent.length > policy.sliding!) recent.shift();
      const span = {
        span: 'sliding' as const,
        from: recent[0]!.from,
        tallies: mergeRecords(recent.map(r => r.tallies))!,
      };
      const {window} = describeWindow(closed, policy, {season: null, spans: [span], floors: new Map()});
      const changes = judgeAlerts({policy, window, profile, open, history: windows, at: window.to});
      const gone = new Set([...changes.resolved, ...changes.updated].map(({id}) => id));
      open = [...open.filter(({id}) => !gone.has(id)), ...changes.updated, ...changes.opened];
      windows.push(window);
      for (const alert of [...changes.opened, ...changes.updated])
        for (const {feature} of alert.features ?? []) flagged[feature]!.push(week);
    }
  };
  let last = 0;
  for (const [week, row] of stream) {
    if (week > last) close(start + week * WEEK, last);
    last = week;
    monitor.observe(row, 0.5, 1, 50, start + week * WEEK + 1);
  }
  close(start + WEEKS * WEEK, last);
  return flagged;
}

const RUN_OF_PEERS = ['evidently', 'nannyml'] as const;

function theirs(files: readonly string[]): Record<(typeof RUN_OF_PEERS)[number], Flags>[] {
  const script = join(process.cwd(), 'bench/peers/monitoring/detection_delay.py');
  const out = execFileSync(python, [script, ...files], {maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore']});
  return out
    .toString()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
}

/** Weeks from the change to the first flag of its column; infinite for none. */
const delayOf = (flags: Flags, {subject}: StreamChange): number =>
  (flags[subject]!.find(week => week >= BEFORE) ?? Number.POSITIVE_INFINITY) - BEFORE + 1;

/** Flags of columns to which nothing happened, in all weeks; and of the others before it did. */
const falseFlags = (flags: Flags, {subject}: StreamChange): number =>
  NAMES.reduce((sum, name) => sum + flags[name]!.filter(week => name !== subject || week < BEFORE).length, 0);

await runCompiled(import.meta.filename, async () => {
  const given = options(3);
  if (!existsSync(python)) throw new Error('There is no .venv-drift. Run bench/peers/monitoring/setup.sh.');
  const folder = mkdtempSync(join(tmpdir(), 'drift-delay-'));
  try {
    report(
      SIZES.map(rows => tableOf(rows, given.rounds, folder)),
      given,
    );
  } finally {
    rmSync(folder, {recursive: true});
  }
});

function tableOf(rows: number, runs: number, folder: string): Table {
  const lines = STREAM_CHANGES.map(change => {
    const seeds = Array.from({length: runs}, (_, run) => rows + run);
    const files = seeds.map(seed => {
      const file = join(folder, `${seed}.csv`);
      writeStream(file, change, rows, seed);
      return file;
    });
    const peers = theirs(files);
    const tools = [seeds.map(seed => ours(change, rows, seed)), ...RUN_OF_PEERS.map(tool => peers.map(p => p[tool]))];
    return [
      change.name,
      ...tools.map(flags => {
        const delays = flags.map(one => (change.subject === '' ? 0 : delayOf(one, change))).sort((a, b) => a - b);
        const columnWeeks = runs * NAMES.length * WEEKS;
        const wrong = (100 * flags.reduce((sum, one) => sum + falseFlags(one, change), 0)) / columnWeeks;
        const found = delays.filter(Number.isFinite).length;
        const middle = delays[delays.length >> 1]!;
        const when = change.subject === '' ? '' : `${Number.isFinite(middle) ? middle : '–'} (${found} of ${runs}) · `;
        return `${when}${wrong.toFixed(2)} %`;
      }),
    ];
  });
  return {
    title: `Weeks until it is found (runs) · columns flagged wrongly, of all clean columns and weeks; ${rows.toLocaleString('en-US')} rows a week`,
    columns: ['change', 'Millrace', 'Evidently', 'NannyML'],
    rows: lines,
  };
}
