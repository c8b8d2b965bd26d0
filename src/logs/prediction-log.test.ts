import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {hashUnit} from '../math/index.ts';
import type {ColumnSpec, MillraceError} from '../protocol/index.ts';
import type {EventLog} from '../stores/index.ts';
import {openSegmentLog, type SegmentLog} from '../stores/segments/index.ts';
import {LabelJoiner} from './label-joiner.ts';
import {PredictionLog} from './prediction-log.ts';
import {rebuildJoiner} from './rebuild.ts';
import type {ServedRow, ShadowRow} from './rows.ts';

const FEATURES: ColumnSpec[] = [
  {name: 'late_2h', type: 'number', nullable: true},
  {name: 'origin', type: 'string', nullable: true},
];

const served = (i: number, changes: Partial<ServedRow> = {}): ServedRow => ({
  id: `flight-${i}`,
  at: 1_000 + i,
  version: 1,
  role: 'champion',
  propensity: 1,
  level: i % 3 === 0 ? 'model' : 'rule',
  outside: i % 4 === 0 ? ['delay', 'distance'] : [],
  prediction: hashUnit(`${i}`, 'score'),
  latencyUs: 5 + i,
  position: 100 + i,
  features: [i % 3 === 0 ? Number.NaN : i / 7, i % 4 === 0 ? null : `A${i % 5}`],
  ...changes,
});

const shadow = (i: number): ShadowRow => ({
  id: `flight-${i}`,
  at: 1_000 + i,
  version: 2,
  prediction: hashUnit(`${i}`, 'shadow'),
  latencyUs: 4,
});

/** Rows again, so that they compare. */
async function allServed(
  log: PredictionLog,
  model: string,
  range?: {from?: number; to?: number},
): Promise<ServedRow[]> {
  const rows: ServedRow[] = [];
  for await (const batch of log.served(model, range)) {
    for (let i = 0; i < batch.count; i++)
      rows.push({
        id: batch.ids[i]!,
        at: batch.at[i]!,
        version: batch.versions[i]!,
        role: batch.roles[i]!,
        propensity: batch.propensities[i]!,
        level: batch.levels[i]!,
        outside: batch.outside[i]?.split(',') ?? [],
        prediction: batch.predictions[i]!,
        latencyUs: batch.latenciesUs[i]!,
        position: batch.positions[i]!,
        features: FEATURES.map(({name}) => batch.features[name]![i]!),
      });
  }
  return rows;
}

describe('the prediction log', () => {
  let folder: string;
  let events: SegmentLog;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-predictions-'));
    events = await openSegmentLog(folder);
  });

  afterEach(async () => {
    await events.close();
    rmSync(folder, {recursive: true});
  });

  test('gives back every row as it was written, nulls included', async () => {
    const log = new PredictionLog(events, {batchRows: 7});
    const writer = log.writer('late', FEATURES);
    const rows = Array.from({length: 40}, (_, i) => served(i, i % 5 === 0 ? {version: 2, role: 'canary'} : {}));
    for (const row of rows) writer.served(row);
    await log.flush();
    expect(await allServed(log, 'late')).toEqual(rows);
    expect(log.unwritten).toBe(0);
  });

  test('keeps models and shadows apart', async () => {
    const log = new PredictionLog(events, {batchRows: 4});
    const late = log.writer('late', FEATURES);
    const churn = log.writer('churn', FEATURES);
    for (let i = 0; i < 10; i++) {
      late.served(served(i));
      late.shadowed(shadow(i));
      churn.served(served(i, {prediction: 0.5}));
    }
    await log.flush();
    expect((await allServed(log, 'late')).map(row => row.prediction)).not.toContain(0.5);
    expect((await allServed(log, 'churn')).map(row => row.prediction)).toEqual(Array(10).fill(0.5));
    const shadows: [string, number][] = [];
    for await (const batch of log.shadowed('late'))
      batch.ids.forEach((id, i) => {
        shadows.push([id, batch.predictions[i]!]);
      });
    expect(shadows).toEqual(Array.from({length: 10}, (_, i) => [`flight-${i}`, shadow(i).prediction]));
    for await (const _ of log.shadowed('churn')) expect.unreachable('nothing shadows churn');
  });

  test('reads a time range as a filter over all rows would, before and after reopening', async () => {
    // Times go up and down by as much as a hundred; batches of two streams interleave.
    const rows = Array.from({length: 40_000}, (_, i) =>
      served(i, {at: i + Math.floor(hashUnit(`${i}`, 'jitter') * 100), features: [i, 'A']}),
    );
    const ranges = [
      {from: 0, to: 1},
      {from: 16_000, to: 16_500},
      {from: 39_990},
      {to: 50},
      {from: 5, to: 39_000},
      {from: 90_000},
    ];
    const expected = ranges.map(({from = 0, to = Number.POSITIVE_INFINITY}) =>
      rows.filter(({at}) => at >= from && at < to).map(({id}) => id),
    );
    const ids = async (log: PredictionLog, range: {from?: number; to?: number}) =>
      (await allServed(log, 'late', range)).map(({id}) => id);

    const log = new PredictionLog(events, {batchRows: 1_000});
    const writer = log.writer('late', FEATURES);
    for (const row of rows) {
      writer.served(row);
      writer.shadowed(row);
    }
    await log.flush();
    for (const [i, range] of ranges.entries()) expect(await ids(log, range)).toEqual(expected[i]);

    const reopened = new PredictionLog(events);
    for (const [i, range] of ranges.entries()) expect(await ids(reopened, range)).toEqual(expected[i]);
  });

  test('takes no more rows than it has room for, and takes them again once drained', async () => {
    const log = new PredictionLog(events, {batchRows: 4, maxRows: 10});
    const writer = log.writer('late', FEATURES);
    // Nothing is awaited, so nothing is acknowledged.
    for (let i = 0; i < 10; i++) writer.served(served(i));
    expect(() => writer.served(served(10))).toThrow(expect.objectContaining({code: 'QUEUE_FULL'}));
    await log.drained();
    writer.served(served(10));
    await log.flush();
    expect(await allServed(log, 'late')).toEqual(Array.from({length: 11}, (_, i) => served(i)));
  });

  test('keeps rows that could not be written, and says why when there is no more room', async () => {
    const log = new PredictionLog(events, {batchRows: 2, maxRows: 4});
    const writer = log.writer('late', FEATURES);
    await events.close();
    for (let i = 0; i < 4; i++) writer.served(served(i));
    await expect(log.flush()).rejects.toMatchObject({code: 'STORE_CLOSED'});
    expect(log.unwritten).toBe(4);
    const refused = (() => {
      try {
        return writer.served(served(4));
      } catch (error) {
        return error as MillraceError;
      }
    })();
    expect(refused).toMatchObject({code: 'QUEUE_FULL', cause: {code: 'STORE_CLOSED'}});
  });

  test('writes rows at the next try that a passing fault kept back, each once and in order', async () => {
    let faults = 2;
    const flaky: EventLog = {
      append: batch => (faults-- > 0 ? Promise.reject(new Error('disk full')) : events.append(batch)),
      read: range => events.read(range),
      start: () => events.start(),
      end: () => events.end(),
      truncateBefore: position => events.truncateBefore(position),
      erase: positions => events.erase(positions),
      sync: () => events.sync(),
      close: () => events.close(),
    };
    const log = new PredictionLog(flaky, {batchRows: 2});
    const writer = log.writer('late', FEATURES);
    const rows = Array.from({length: 9}, (_, i) => served(i));
    for (const row of rows.slice(0, 5)) writer.served(row);
    await expect(log.flush()).rejects.toThrow('disk full');
    await expect(log.flush()).rejects.toThrow('disk full');
    for (const row of rows.slice(5)) writer.served(row);
    await log.flush();
    expect(await allServed(log, 'late')).toEqual(rows);
  });

  test('refuses a vector of another length or with a text for a number', () => {
    const writer = new PredictionLog(events).writer('late', FEATURES);
    expect(() => writer.served(served(1, {features: [1]}))).toThrow("A row of 'late' has 1 features; its log has 2.");
    expect(() => writer.served(served(1, {features: ['x', 'A']}))).toThrow("Feature 'late_2h' of 'late' is a number");
    expect(() => writer.served(served(1, {features: [1, 2]}))).toThrow("Feature 'origin' of 'late' is a string");
  });

  test('a joiner rebuilt from the logs matures the same rows as one that never stopped', async () => {
    const log = new PredictionLog(events, {batchRows: 16});
    const writer = log.writer('late', FEATURES);
    const window = {withinMs: 50, rule: 'value'} as const;
    const lived = new LabelJoiner(window);
    const facts = Array.from({length: 100}, (_, i) => ({
      id: `flight-${i}`,
      value: i % 2,
      knownAt: 1_001 + i + (i % 70),
    }));
    for (let i = 0; i < 100; i++) {
      const row = served(i, {level: 'model'});
      writer.served(row);
      writer.served(served(i, {id: `rule-${i}`, level: 'rule'})); // no evidence about the model
      writer.served(served(i, {id: `named-${i}`, level: 'model', propensity: 0})); // nor that of a version nobody drew
      lived.predicted(row.id, row.at, row.version, row.role, row.prediction);
      if (i % 2 === 0) {
        writer.shadowed(shadow(i));
        lived.shadowed(row.id, 2, shadow(i).prediction);
      }
    }
    for (const {id, value, knownAt} of facts) lived.label(id, value, knownAt);
    await log.flush();
    expect(lived.mature(1_080).length).toBe(31);

    const rebuilt = new LabelJoiner(window);
    await rebuildJoiner(rebuilt, {
      served: log.served('late', {from: 1_031}),
      shadowed: log.shadowed('late', {from: 1_031}),
      labels: (async function* () {
        yield facts;
      })(),
      counts: (level, propensity) => level === 'model' && propensity > 0,
      from: 1_031,
    });
    expect(rebuilt.open).toBe(lived.open);
    expect(rebuilt.mature(2_000)).toEqual(lived.mature(2_000));
  });
});

test('erased answers are gone with their shadows; a range of time is read as before, also after reopening', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-predictions-'));
  const events = await openSegmentLog(folder);
  const rows = 40_000;
  const log = new PredictionLog(events, {batchRows: 1_000});
  const writer = log.writer('lateness', FEATURES);
  for (let i = 0; i < rows; i++) {
    writer.served(served(i));
    if (i % 1_000 === 6) writer.shadowed(shadow(i));
  }
  await log.flush();
  const gone = (i: number) => i % 4 !== 0 && i % 5 === 1;
  const mine = Array.from({length: rows}, (_, i) => i).filter(gone);
  expect(await log.count('lateness', [{origin: 'A1'}])).toBe(mine.length);
  expect(await log.count('lateness', [{origin: 'A1', late_2h: 1 / 7}, {nothing: 'A1'}])).toBe(1);
  expect(await log.erase('lateness', [{origin: 'A1'}])).toBe(mine.length);
  for (const reader of [log, new PredictionLog(events)]) {
    const range = {from: 1_000 + 16_000, to: 1_000 + 17_000};
    const left = Array.from({length: 1_000}, (_, i) => 16_000 + i).filter(i => !gone(i));
    expect((await allServed(reader, 'lateness', range)).map(({id}) => id)).toEqual(left.map(i => `flight-${i}`));
    const shadows: string[] = [];
    for await (const {ids} of reader.shadowed('lateness')) shadows.push(...ids);
    expect(shadows).toEqual(
      Array.from({length: 40}, (_, k) => k * 1_000 + 6)
        .filter(i => !gone(i))
        .map(i => `flight-${i}`),
    );
  }
  await events.close();
  rmSync(folder, {recursive: true});
});
