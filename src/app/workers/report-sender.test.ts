import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import type {ServedPrediction} from '../../serving/index.ts';
import type {WorkerReport} from './messages.ts';
import {ReportSender} from './report-sender.ts';

const answer = (id: string): ServedPrediction => ({
  id,
  at: 1,
  position: 2,
  version: 1,
  role: 'champion',
  propensity: 1,
  prediction: 0.5,
  level: 'model',
  skipped: [],
  outside: [],
  abstained: false,
  request: {},
  features: [Number.NaN],
});
const idsOf = (reports: readonly WorkerReport[]) =>
  reports.flatMap(({models}) => models.flatMap(({answers}) => answers.map(({served}) => served.id)));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a report sender', () => {
  test('tells soon, and at once when there is much to tell', () => {
    const reports: WorkerReport[] = [];
    const sender = new ReportSender(report => reports.push(report), {everyMs: 20, most: 3});
    sender.answered('m', answer('a'), 5);
    vi.advanceTimersByTime(19);
    expect(reports).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(idsOf(reports)).toEqual(['a']);
    for (const id of ['b', 'c', 'd', 'e']) sender.answered('m', answer(id), 5);
    expect(idsOf(reports)).toEqual(['a', 'b', 'c', 'd']);
    sender.failed('m');
    sender.failed('m', true);
    sender.refused('m');
    sender.requested({method: 'POST', route: '/', status: 400, seconds: 1});
    vi.advanceTimersByTime(20);
    expect(idsOf(reports)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(reports.at(-1)).toMatchObject({
      models: [{model: 'm', errors: 2, wrong: 1, refused: 1}],
      requests: [{status: 400}],
    });
  });

  test('is drained when all that was told was recorded', async () => {
    let told = 0;
    const sender = new ReportSender(({models}) => {
      told += models.reduce((sum, {answers}) => sum + answers.length, 0);
    });
    let drained = false;
    sender.answered('m', answer('a'), 5);
    sender.answered('n', answer('b'), 5);
    const draining = sender.drained().then(() => {
      drained = true;
    });
    expect(told).toBe(2);
    sender.recorded(1);
    await Promise.resolve();
    expect(drained).toBe(false);
    sender.recorded(1);
    await draining;
    await sender.drained();
  });

  test('tells every answer once, or counts it as unlogged where more are told than are recorded', () => {
    const steps = fc.array(fc.oneof(fc.constant('answer'), fc.constant('record'), fc.constant('wait')), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, list => {
        const reports: WorkerReport[] = [];
        let unrecorded = 0;
        const sender = new ReportSender(
          report => {
            reports.push(report);
            unrecorded += idsOf([report]).length;
          },
          {everyMs: 10, most: 4, mostUnrecorded: 9},
        );
        let n = 0;
        for (const step of list) {
          if (step === 'answer') sender.answered('m', answer(String(n++)), 1);
          else if (step === 'wait') vi.advanceTimersByTime(10);
          else {
            sender.recorded(unrecorded);
            unrecorded = 0;
          }
          expect(unrecorded).toBeLessThanOrEqual(9);
        }
        sender.send();
        const ids = idsOf(reports);
        const unlogged = reports.reduce((sum, {models}) => sum + (models[0]?.unlogged ?? 0), 0);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length + unlogged).toBe(n);
      }),
      {seed: 12, numRuns: 200},
    );
  });
});
