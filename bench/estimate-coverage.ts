// Whether labels, once they come, lie in the intervals of performance that was estimated before.
// Run: npx tsx bench/estimate-coverage.ts [--full]; --full takes 1,000 windows of each kind, not 200.
import {normal, type Random, seededRandom} from '../src/math/index.ts';
import {sigmoid} from '../src/models/index.ts';
import {
  type EstimatedMetrics,
  estimatePerformance,
  estimateWeighted,
  fitScoreCalibration,
  measuredMetrics,
  type ReferenceRows,
} from '../src/monitoring/index.ts';
import {runCompiled} from './harness/compiled.ts';
import {options, report, type Table} from './harness/report.ts';

const SHOWN = ['auc', 'prAuc', 'precision', 'recall', 'f1', 'logLoss', 'brier', 'baseRate', 'value'];
const value = {truePositive: 10, falsePositive: -1, falseNegative: 0, trueNegative: 0, unit: 'EUR'};

/** A model that sees one of two inputs and is overconfident by a factor of its log odds. */
type Model = {readonly name: string; readonly odds: number; readonly overconfident: number; readonly decideAt: number};
const MODELS: readonly Model[] = [
  {name: 'calibrated, 22 % positive', odds: -1.6, overconfident: 1, decideAt: 0.3},
  {name: 'overconfident, 22 % positive', odds: -1.6, overconfident: 1.6, decideAt: 0.3},
  {name: 'calibrated, 4 % positive', odds: -3.7, overconfident: 1, decideAt: 0.1},
];

/** `hidden`: shift of the input that the model does not see; null: it bears on nothing. */
function draw(count: number, random: Random, model: Model, hidden: number | null = null): ReferenceRows {
  const columns = [new Float64Array(count), new Float64Array(count)] as const;
  const [scores, labels] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    columns[0][i] = normal(random);
    columns[1][i] = normal(random) + (hidden ?? 0);
    const odds = model.odds + 1.2 * columns[0][i]!;
    scores[i] = sigmoid(model.overconfident * odds);
    labels[i] = random() < sigmoid(hidden === null ? odds : odds + columns[1][i]!) ? 1 : 0;
  }
  return {rows: count, of: count, names: ['seen', 'hidden'], columns, categorical: [false, false], scores, labels};
}

/** Share of windows, by metric, in which the measured value lies in the interval. */
class Coverage {
  readonly #hits = new Map<string, number>();
  readonly #all = new Map<string, number>();

  add(estimates: EstimatedMetrics, {scores, labels}: ReferenceRows, decideAt: number): void {
    for (const [name, is] of Object.entries(measuredMetrics(scores, labels, {decideAt, value}))) {
      const estimate = estimates[name];
      if (estimate === undefined) continue;
      this.#all.set(name, (this.#all.get(name) ?? 0) + 1);
      if (is >= estimate.low && is <= estimate.high) this.#hits.set(name, (this.#hits.get(name) ?? 0) + 1);
    }
  }

  cells(): string[] {
    return SHOWN.map(name => `${((100 * (this.#hits.get(name) ?? 0)) / this.#all.get(name)!).toFixed(1)} %`);
  }
}

function clean(windows: number): Table {
  const rows = MODELS.flatMap((model, m) =>
    [1_000, 10_000].flatMap(reference =>
      [200, 1_000, 10_000].map(count => {
        const random = seededRandom(1_000 * m + reference + count);
        const coverage = new Coverage();
        for (let window = 0; window < windows; window++) {
          const known = draw(reference, random, model);
          const calibration = fitScoreCalibration(known.scores, known.labels, {random});
          const current = draw(count, random, model);
          coverage.add(estimatePerformance(current.scores, calibration, {...model, value}), current, model.decideAt);
        }
        return [model.name, reference, count, ...coverage.cells()];
      }),
    ),
  );
  return {
    title: `Measured inside the estimated 95 % interval, ${windows.toLocaleString('en-US')} windows without a change`,
    columns: ['model', 'reference rows', 'window rows', ...SHOWN],
    rows,
  };
}

async function shifted(windows: number): Promise<Table> {
  const model = MODELS[0]!;
  const rows = [];
  for (const hidden of [0, 0.3, 0.8]) {
    const random = seededRandom(77 + 10 * hidden);
    const [plain, weighted] = [new Coverage(), new Coverage()];
    for (let window = 0; window < windows; window++) {
      const reference = draw(10_000, random, model, 0);
      const calibration = fitScoreCalibration(reference.scores, reference.labels, {random});
      const sample = draw(5_000, random, model, hidden);
      const policy = {weighted: true, decideAt: model.decideAt};
      plain.add(estimatePerformance(sample.scores, calibration, {...policy, value}), sample, policy.decideAt);
      const estimate = await estimateWeighted({reference, calibration, sample, policy, value, random});
      weighted.add(estimate!.metrics, sample, policy.decideAt);
    }
    rows.push([`${hidden} σ`, 'plain', ...plain.cells()], [`${hidden} σ`, 'weighted', ...weighted.cells()]);
  }
  return {
    title: `The same where an input moves that the model does not see, ${windows.toLocaleString('en-US')} windows of 5,000 rows`,
    columns: ['shift', 'estimate', ...SHOWN],
    rows,
  };
}

await runCompiled(import.meta.filename, async () => {
  const given = options(0);
  report([clean(given.full ? 1_000 : 200), await shifted(given.full ? 100 : 30)], given);
});
