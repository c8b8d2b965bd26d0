// How far estimated AUCs were from those that labels told later, on real flights: from the summary of a quickstart.
// Run: npm run quickstart -- --rows 900000 --port 0 --exit --json > summary.json; npx tsx bench/estimate-errors.ts summary.json
import {readFileSync} from 'node:fs';
import type {RunSummary} from '../src/protocol/index.ts';
import {markdown} from './harness/report.ts';

const file = process.argv[2];
if (file === undefined) throw new Error('Name the summary that a quickstart printed with --json.');
const {windows, versions} = JSON.parse(readFileSync(file, 'utf8')) as RunSummary;
const days = windows.flatMap(({id, estimate, performance, profile}) => {
  const estimated = estimate?.metrics.auc;
  const measured = performance?.byVersion.find(({version}) => version === profile)?.metrics.auc;
  const tested = versions.find(({version}) => version === profile)?.metrics.auc;
  return estimated && measured && tested ? [{day: id.slice(-24, -14), profile, estimated, measured, tested}] : [];
});
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const errors = days.map(({estimated, measured}) => Math.abs(estimated.value - measured));
const inside = days.filter(({estimated, measured}) => measured >= estimated.low && measured <= estimated.high).length;
console.log(
  markdown({
    title: `Estimated AUC of ${days.length} days`,
    columns: ['', 'off on average', 'off at most', 'days inside the interval'],
    rows: [
      ['estimated', mean(errors), Math.max(...errors), inside],
      ['that of the test split', mean(days.map(d => Math.abs(d.tested - d.measured))), null, null],
    ],
    notes: [
      `Measured between ${Math.min(...days.map(d => d.measured))} and ${Math.max(...days.map(d => d.measured))}.`,
    ],
  }),
);
