import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../math/index.ts';
import {historicalRate, randomScores, zeroRule} from './baselines.ts';
import {type EvaluationInput, type EvaluationSplit, evaluate} from './evaluate.ts';
import {atLeast, beats, calibratedWithin, notWorseThan, sliceNotWorse} from './gates.ts';
import {sliceBy} from './slices.ts';

const DAY = 86_400_000;
const AIRPORTS = ['ATL', 'ORD', 'JFK', 'SEA'];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

type World = EvaluationSplit & {truth: Float64Array};

/** Late with a probability that depends on the airport, and on weather that only models see. */
function world(seed: number, count: number, day: number): World {
  const random = seededRandom(seed);
  const origin = Array.from({length: count}, () => AIRPORTS[Math.floor(random() * AIRPORTS.length)]!);
  const truth = Float64Array.from(origin, o => sigmoid(-1.5 + 0.4 * AIRPORTS.indexOf(o) + normal(random)));
  const labels = truth.map(p => (random() < p ? 1 : 0));
  return {labels, truth, columns: {origin}, from: day * DAY, to: (day + 10) * DAY};
}

/** The truth seen through fog, row by row. */
function foggy({truth}: World, fog: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return truth.map(p => sigmoid(Math.log(p / (1 - p)) + fog * normal(random)));
}

const train = world(1, 6_000, 0);
const validation = world(2, 3_000, 11);
const test_ = world(3, 6_000, 22);

const input: EvaluationInput = {
  splits: {train, validation, test: test_},
  gapMs: DAY,
  models: [
    {name: 'linear', validation: foggy(validation, 0.8, 4), test: foggy(test_, 0.8, 5)},
    {name: 'trees', validation: foggy(validation, 0.2, 6), test: foggy(test_, 0.2, 7)},
  ],
  incumbent: {test: foggy(test_, 0.6, 8)},
  baselines: [zeroRule(), randomScores(), historicalRate('origin')],
  slices: [sliceBy('origin', {minRows: 500})],
  gates: [
    beats('zero-rule', {metric: 'logLoss', by: 0.01}),
    beats('historical-rate', {metric: 'auc', by: 0.02}),
    beats('random', {metric: 'auc'}),
    notWorseThan('incumbent', {metric: 'auc', within: 0.002}),
    atLeast('auc', 0.65),
    calibratedWithin(0.05, {ratio: [0.8, 1.25]}),
    sliceNotWorse({than: 'incumbent', metric: 'auc', minRows: 500}),
  ],
};

describe('evaluate', () => {
  const report = evaluate(input);

  test('chooses on the validation split and passes a good model, with figures in every message', () => {
    expect(report.chosen).toBe('trees');
    expect(report.gates.filter(({passed}) => !passed)).toEqual([]);
    expect(report.passed).toBe(true);
    for (const {message} of report.gates) expect(message).toMatch(/\d\.\d/);
    expect(report.gates[1]!.message).toMatch(
      /^auc 0\.\d{4} against 0\.\d{4} of historical-rate: 0\.\d{4} better \[0\.\d{4}, 0\.\d{4}\]; at least 0\.02 better is required\.$/,
    );
  });

  test('the choice does not look at the test split', () => {
    const models = input.models.map(model => (model.name === 'trees' ? {...model, test: foggy(test_, 3, 9)} : model));
    const worse = evaluate({...input, models});
    expect(worse.chosen).toBe('trees');
    expect(worse.passed).toBe(false);
    expect(worse.gates[3]!.message).toContain('worse [');
  });

  test('reports every candidate on the test split, with slices and calibration', () => {
    expect(report.candidates.map(({name, kind}) => `${kind} ${name}`)).toEqual([
      'model linear',
      'model trees',
      'baseline zero-rule',
      'baseline random',
      'baseline historical-rate',
      'incumbent incumbent',
    ]);
    for (const {metrics, slices, calibration} of report.candidates) {
      expect(metrics.rows).toBe(6_000);
      expect(slices.map(({metrics: slice}) => slice.rows).reduce((a, b) => a + b)).toBe(6_000);
      expect(calibration.reduce((sum, {count}) => sum + count, 0)).toBe(6_000);
    }
    const auc = (name: string) => report.candidates.find(candidate => candidate.name === name)!.metrics.auc!;
    expect(auc('zero-rule')).toBe(0.5);
    expect(Math.abs(auc('random') - 0.5)).toBeLessThan(0.03);
    expect(auc('historical-rate')).toBeGreaterThan(0.55);
    expect(auc('trees')).toBeGreaterThan(auc('incumbent'));
    expect(report.splits.map(({name, rows}) => [name, rows])).toEqual([
      ['train', 6_000],
      ['validation', 3_000],
      ['test', 6_000],
    ]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('a first version passes gates about the incumbent, and the message says why', () => {
    const first = evaluate({...input, incumbent: null});
    expect(first.passed).toBe(true);
    expect(first.gates[3]).toMatchObject({passed: true, measured: null});
    expect(first.gates[3]!.message).toContain('No incumbent');
  });

  test('an advantage within chance does not beat a rival', () => {
    // Better in a single row: the mean difference is one standard error.
    const scores = input.models[1]!.test;
    const models = [{...input.models[1]!, test: scores.map((p, i) => (i === 0 ? test_.labels[0]! : p))}];
    const gates = [beats('incumbent', {metric: 'logLoss'})];
    const [result] = evaluate({...input, models, incumbent: {test: scores}, gates}).gates;
    expect(result!.measured).toBeGreaterThan(0);
    expect(result!.passed).toBe(false);
    expect(result!.message).toContain('the difference is within chance');
  });

  test('one broken slice fails the slice gate although the whole gets better', () => {
    const origin = test_.columns.origin as string[];
    const random = seededRandom(14);
    const trees = input.models[1]!;
    const broken = trees.test.map((score, i) => (origin[i] === 'SEA' ? random() : score));
    const models = [{...trees, test: broken}];
    const results = evaluate({...input, models, gates: [sliceNotWorse({metric: 'auc', minRows: 500})]}).gates;
    expect(results[0]!.passed).toBe(false);
    expect(results[0]!.message).toContain('1 of 4 slices is worse than incumbent');
    expect(results[0]!.message).toContain('origin = SEA');
  });

  test('a model that predicts too much fails on its ratio', () => {
    const models = [{...input.models[1]!, test: input.models[1]!.test.map(p => Math.min(1, p * 1.5))}];
    const [result] = evaluate({...input, models, gates: [calibratedWithin(0.3, {ratio: [0.8, 1.25]})]}).gates;
    expect(result!.passed).toBe(false);
    expect(result!.message).toMatch(/1\.[45]\d+ times; \[0\.8, 1\.25\] times is allowed/);
  });

  test('what cannot be evaluated is refused by name', () => {
    const code = (expected: string) => expect.objectContaining({code: expected});
    const gates = [beats('historical_rate', {metric: 'auc'})];
    expect(() => evaluate({...input, gates})).toThrow(
      expect.objectContaining({code: 'NAME_UNKNOWN', fix: 'Did you mean historical-rate?'}),
    );
    expect(() => evaluate({...input, slices: [sliceBy('airport')]})).toThrow(code('NAME_UNKNOWN'));
    const nan = [{...input.models[0]!, test: input.models[0]!.test.map((p, i) => (i === 7 ? Number.NaN : p))}];
    expect(() => evaluate({...input, models: nan})).toThrow(code('MODEL_INVALID'));
    const empty = {...validation, labels: new Float64Array(0)};
    expect(() => evaluate({...input, splits: {...input.splits, validation: empty}})).toThrow(code('DATASET_EMPTY'));
    expect(() => evaluate({...input, baselines: [zeroRule(), zeroRule()]})).toThrow(code('DEFINITION_INVALID'));
  });
});
