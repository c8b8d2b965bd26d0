// Alerts of the default policy on models to which nothing happens, and how soon they come when something does.
// Run: npx tsx bench/false-alarms.ts [--full]; --full simulates 1,000 years for each number of rows.
import {monitorPolicy} from '../src/monitoring/index.ts';
import {runCompiled} from './harness/compiled.ts';
import {options, report, type Table} from './harness/report.ts';
import {CHANGED_CATEGORY, CHANGED_NUMBER, type Change, SimulatedModel} from './monitoring/simulated-model.ts';

const SIZES = [100, 200, 1_000, 10_000, 1_000_000];
const WEEKS = 52;
const policy = monitorPolicy({window: '7d', drift: {features: 'all'}});
const referenceOf = (rows: number): number => Math.max(20_000, Math.min(rows, 100_000));

function falseAlarms(years: number): Table {
  const rows = SIZES.map(size => {
    let [pages, tickets, weeks, open, undecided] = [0, 0, 0, 0, 0];
    for (let year = 0; year < years; year++) {
      const model = new SimulatedModel(policy, size, referenceOf(size), 1_000 * size + year);
      for (let week = 0; week < WEEKS; week++) {
        const lived = model.live();
        pages += lived.opened.filter(({severity}) => severity === 'page').length;
        const own = lived.opened.filter(({severity}) => severity === 'ticket').length;
        tickets += own;
        if (own > 0) weeks++;
        if (lived.open.length > 0) open++;
        undecided += lived.window.drift.filter(({verdict}) => verdict === 'insufficient data').length;
      }
    }
    const all = years * WEEKS;
    return [
      size.toLocaleString('en-US'),
      (pages / years).toFixed(3),
      `${((100 * weeks) / all).toFixed(2)} %`,
      `${((100 * open) / all).toFixed(2)} %`,
      (tickets / years).toFixed(3),
      `${((100 * undecided) / (all * 40)).toFixed(1)} %`,
    ];
  });
  return {
    title: `False alarms: 40 features, no drift, ${years.toLocaleString('en-US')} years`,
    columns: [
      'rows a window',
      'pages a year',
      'weeks with a new ticket',
      'weeks with anything open',
      'tickets a year',
      'insufficient data',
    ],
    rows,
  };
}

const CHANGES: readonly (readonly [name: string, change: (week: number) => Change, subject: string])[] = [
  ['0.5 σ', () => ({shift: 0.5}), CHANGED_NUMBER],
  ['0.1 σ (should stay silent)', () => ({shift: 0.1}), CHANGED_NUMBER],
  ['0.02 σ (should stay silent)', () => ({shift: 0.02}), CHANGED_NUMBER],
  ['kilometres become miles', () => ({unit: 0.621}), CHANGED_NUMBER],
  ['unit × 1,000', () => ({unit: 1_000}), CHANGED_NUMBER],
  ['all null', () => ({nulls: 1}), CHANGED_NUMBER],
  ['a tenth null', () => ({nulls: 0.1}), CHANGED_NUMBER],
  ['gradual, 0.1 σ a week', week => ({shift: 0.1 * (week + 1)}), CHANGED_NUMBER],
  ['the first of ten categories vanishes', () => ({vanished: true}), CHANGED_CATEGORY],
];
const BEFORE = 6;
const AFTER = 12;

/** Weeks from the change to the ticket that names it. */
function delays(runs: number): Table {
  const rows = CHANGES.map(([name, change, subject]) => [
    name,
    ...SIZES.map(size => {
      const found: number[] = [];
      for (let run = 0; run < runs; run++) {
        const model = new SimulatedModel(policy, size, referenceOf(size), 7_000 * size + run);
        for (let week = 0; week < BEFORE; week++) model.live();
        let delay = Number.POSITIVE_INFINITY;
        for (let week = 0; week < AFTER && delay === Number.POSITIVE_INFINITY; week++) {
          const {open} = model.live(change(week));
          if (open.some(alert => alert.kind === 'drift' && alert.message.includes(subject))) delay = week + 1;
        }
        found.push(delay);
      }
      found.sort((a, b) => a - b);
      const within = (weeks: number) => Math.round((100 * found.filter(delay => delay <= weeks).length) / runs);
      const at95 = found[Math.ceil(0.95 * runs) - 1]!;
      return `${within(1)} / ${within(2)} % · ${Number.isFinite(at95) ? at95 : '–'}`;
    }),
  ]);
  return {
    title: `Found within one / two windows · windows by which 95 % of ${runs} runs are found`,
    columns: ['change', ...SIZES.map(size => `${size.toLocaleString('en-US')} rows`)],
    rows,
  };
}

await runCompiled(import.meta.filename, async () => {
  const given = options(0);
  report([falseAlarms(given.full ? 1_000 : 20), delays(given.full ? 400 : 100)], given);
});
