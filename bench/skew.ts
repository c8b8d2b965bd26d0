// Served against recomputed, bit for bit: a live state under disorder, duplicates, late events and restarts, for event
// times rounded to 1 ms, 1 s, 5 min, 1 h and 1 day, and arrival times of three kinds. Every window and aggregation.
// Run: npx tsx bench/skew.ts [--full] [--json file]; 150,000 rows, with --full 1,050,000. Fails at a mismatch.
import {rmSync} from 'node:fs';
import {skews, withSkewRun} from '../src/features/contract/skew-run.ts';
import {ARRIVALS, ROUNDINGS, type Rounding, skewWorld} from '../src/features/contract/skew-world.ts';
import {runCompiled} from './harness/compiled.ts';
import {throwAwayFolder} from './harness/flights.ts';
import {options, report} from './harness/report.ts';

const CELLS = Object.keys(ROUNDINGS).length * ARRIVALS.length;
const RESTARTS = 8;

await runCompiled(import.meta.filename, async () => {
  const given = options(1);
  const rows = Math.ceil((given.full ? 1_050_000 : 150_000) / CELLS);
  let [seed, values, mismatches] = [1, 0, 0];
  const lines: (string | number)[][] = [];
  for (const rounding of Object.keys(ROUNDINGS) as Rounding[]) {
    const sum = {rows: 0, values: 0, mismatches: 0, events: 0, duplicates: 0, late: 0, restarts: 0};
    let [serveSeconds, recomputeSeconds] = [0, 0];
    for (const arrival of ARRIVALS) {
      const world = skewWorld({rounding, arrival, seed: seed++, events: rows, users: Math.ceil(rows / 100)});
      const folder = throwAwayFolder();
      await withSkewRun(world, {folder, rows, restarts: RESTARTS, arrival, seed}, run => {
        const found = skews(run);
        for (const {feature, row, served, again} of found.slice(0, 10))
          process.stderr.write(`${rounding}, ${arrival}: ${feature} in row ${row}: served ${served}, not ${again}\n`);
        sum.rows += run.served.count;
        sum.values += run.served.count * world.set.features.length;
        sum.mismatches += found.length;
        for (const key of ['events', 'duplicates', 'late', 'restarts'] as const) sum[key] += run.seen[key];
        serveSeconds += run.serveSeconds;
        recomputeSeconds += run.recomputeSeconds;
      });
      rmSync(folder, {recursive: true});
      process.stderr.write(`${rounding}, ${arrival}: ${rows} rows, ${mismatches + sum.mismatches} mismatches so far\n`);
    }
    values += sum.values;
    mismatches += sum.mismatches;
    lines.push([`to ${rounding}`, ...Object.values(sum), sum.rows / serveSeconds, sum.rows / recomputeSeconds]);
  }
  report(
    [
      {
        title: `Served against recomputed: ${mismatches} of ${values.toLocaleString('en-US')} values differ`,
        columns: [
          'times rounded',
          'served rows',
          'values',
          'mismatches',
          'events',
          'duplicates',
          'late',
          'restarts',
          'served/s',
          'recomputed/s',
        ],
        rows: lines,
        notes: ['Served/s counts the gate, the log, the state, its checkpoints and the reads.'],
      },
    ],
    given,
  );
  if (mismatches > 0) throw new Error(`${mismatches} served values are not what the log gives.`);
});
