import {describe, expect, test} from 'vitest';
import {events} from '../events/index.ts';
import {
  entity,
  type FeatureRow,
  featureSet,
  featureView,
  OnlineReader,
  StreamExecutor,
  use,
} from '../features/index.ts';
import {MillraceError, t} from '../protocol/index.ts';
import {sigmoid, smallModel} from './model.fixture.ts';
import {
  fixedValue,
  lastPrediction,
  rule,
  type ServingPolicyInput,
  servingPolicy,
  simpler,
} from './policy/serving-policy.ts';
import {type Precomputed, PredictionService} from './prediction-service.ts';

const landings = events('landings', {
  schema: {id: t.string, place: t.string, delay: t.number, at: t.time},
  time: 'at',
  id: 'id',
});
const view = featureView('landed', {
  from: landings,
  entity: entity('place', {place: t.string}),
  keys: {place: 'place'},
  features: a => ({mean: a.mean('delay').over('1h')}),
});
const set = featureSet('now', {
  request: {at_place: t.string, hint: t.number.orNull()},
  views: [use(view, {place: 'at_place'})],
  derive: x => ({x: x.mean_1h, place: x.at_place}),
});

/** A reader that is told when it must fail. */
class Unsteady extends OnlineReader {
  broken = false;
  reads = 0;

  override read(...asked: Parameters<OnlineReader['read']>): FeatureRow {
    this.reads++;
    if (this.broken) throw new MillraceError('STORE_UNAVAILABLE', 'The store is gone.');
    return super.read(...asked);
  }
}

async function served(input: ServingPolicyInput, precomputed?: Precomputed) {
  const executor = new StreamExecutor([view]);
  const land = (time: number, delay: number) =>
    executor.apply({
      stream: 'landings',
      position: executor.position,
      count: 1,
      ids: [`l${time}`],
      eventTimes: Float64Array.of(time),
      arrivalTimes: Float64Array.of(time),
      columns: {id: [`l${time}`], place: ['ATL'], delay: Float64Array.of(delay), at: Float64Array.of(time)},
    });
  land(1_000, 0.5);
  const reader = new Unsteady(set, executor);
  const service = new PredictionService({
    model: 'late',
    reader,
    policy: servingPolicy(input),
    // Bias and weight of the mean delay; its trained range is 0 to 1.
    version: async version => ({
      artifact: smallModel(version - 1, 1),
      companions: new Map([
        ['small', smallModel(-3, 0)],
        ['steep', smallModel(-3, 1)],
      ]),
      ranges: new Map([['x', {min: 0, max: 1}]]),
    }),
    position: () => executor.position,
    ...(precomputed ? {precomputed} : {}),
  });
  let revision = 0;
  const use = (version: number) =>
    service.use({
      model: 'late',
      revision: ++revision,
      at: 0,
      arms: [{version, role: 'champion', share: 1}],
      salt: 's',
      reason: 'test',
    });
  await use(1);
  return {service, reader, land, use};
}
const ATL = {at_place: 'ATL', hint: null};
const DEN = {at_place: 'DEN', hint: null};

describe('smooth failing', () => {
  const chain = [
    simpler('small'),
    rule(set, x => x.mean_1h.plus(0.125).orElse(x.hint)),
    lastPrediction({maxAge: '1h'}),
    fixedValue(0.25),
  ];

  test('a store that is down: every request is answered, and the answer says by whom', async () => {
    const {service, reader} = await served({fallback: chain});
    expect(service.predict(ATL, 'a', 2_000)).toMatchObject({level: 'model', skipped: [], prediction: sigmoid(1.5)});
    reader.broken = true;
    const down = service.predict(ATL, 'b', 2_100);
    expect(down).toMatchObject({
      level: 'simpler small',
      prediction: sigmoid(-2),
      features: [Number.NaN, Number.NaN, 'ATL'],
      skipped: [{level: 'model', reason: 'error', message: 'The store is gone.'}],
    });
    // Tried once, not once per level.
    expect(reader.reads).toBe(2);
    reader.broken = false;
    expect(service.predict(ATL, 'c', 2_200).level).toBe('model');
  });

  test('a rule sees request and features; without them and without a last answer, the value', async () => {
    const {service, reader} = await served({fallback: chain.slice(1)});
    reader.broken = true;
    expect(service.predict({...ATL, hint: 0.75}, 'a', 2_000)).toMatchObject({level: 'rule', prediction: 0.75});
    expect(service.predict(ATL, 'b', 2_000)).toMatchObject({level: 'value', prediction: 0.25});
    reader.broken = false;
    service.predict(ATL, 'c', 3_000);
    reader.broken = true;
    expect(service.predict(ATL, 'd', 3_001)).toMatchObject({level: 'last', prediction: sigmoid(1.5)});
    expect(service.predict(DEN, 'e', 3_001).level).toBe('value');
    expect(service.predict(ATL, 'f', 3_000 + 3_600_001).level).toBe('value');
  });

  test('an answer of before the process began is recalled', async () => {
    const {service, reader} = await served({fallback: [lastPrediction({maxAge: '1h'})]});
    service.recall(ATL, 0.375, 1_500);
    reader.broken = true;
    expect(service.predict(ATL, 'a', 2_000)).toMatchObject({level: 'last', prediction: 0.375});
    expect(() => service.predict(DEN, 'a', 2_000)).toThrow('The store is gone.');
  });

  test('features that are missing or stale are for the next level', async () => {
    const {service} = await served({features: {mayMiss: 0.4, staleAfter: '10m'}, fallback: [fixedValue(0.5)]});
    expect(service.predict(ATL, 'a', 2_000).level).toBe('model');
    expect(service.predict(ATL, 'b', 1_000 + 600_001)).toMatchObject({
      level: 'value',
      skipped: [{reason: 'stale-features', message: 'The newest event behind a feature is 600 s old.'}],
    });
    expect(service.predict({at_place: 'BOS', hint: null}, 'c', 700_000)).toMatchObject({
      level: 'value',
      skipped: [{reason: 'missing-features', message: '1 of 2 features are missing.'}],
    });
  });

  test.each([
    ['flag', {level: 'model', outside: ['x'], prediction: sigmoid(9 + 1)}],
    ['clip', {level: 'model', outside: ['x'], prediction: sigmoid(1 + 1)}],
    ['ignore', {level: 'model', outside: [], prediction: sigmoid(9 + 1)}],
    ['refuse', {level: 'value', outside: [], prediction: 0.5}],
  ] as const)('what training did not see: %s', async (outside, expected) => {
    const {service, land} = await served({inputs: {outside}, fallback: [fixedValue(0.5)]});
    for (let i = 1; i <= 99; i++) land(1_000 + i, 9 + 8.5 / 99);
    expect(service.predict(ATL, 'a', 2_000)).toMatchObject({
      ...expected,
      prediction: expect.closeTo(expected.prediction, 6),
    });
  });

  test.each([
    ['flag', {level: 'simpler steep', outside: ['x'], prediction: sigmoid(9 - 2)}],
    ['clip', {level: 'simpler steep', outside: ['x'], prediction: sigmoid(1 - 2)}],
    ['ignore', {level: 'simpler steep', outside: [], prediction: sigmoid(9 - 2)}],
    ['refuse', {level: 'value', outside: [], prediction: 0.5}],
  ] as const)('a simpler model keeps to the same rule: %s', async (outside, expected) => {
    const fallback = [simpler('steep'), fixedValue(0.5)];
    const {service, land} = await served({inputs: {outside}, features: {staleAfter: '1s'}, fallback});
    for (let i = 1; i <= 99; i++) land(1_000 + i, 9 + 8.5 / 99);
    expect(service.predict(ATL, 'a', 4_000)).toMatchObject({
      ...expected,
      prediction: expect.closeTo(expected.prediction, 6),
    });
  });

  test('without a fallback, inputs that are refused are the fault of the request', async () => {
    const {service, land} = await served({inputs: {outside: 'refuse'}});
    land(1_001, 99);
    expect(() => service.predict(ATL, 'a', 2_000)).toThrow(
      expect.objectContaining({code: 'REQUEST_INVALID', message: expect.stringContaining('x')}),
    );
    // A category that training never saw is outside too.
    const unseen = await served({inputs: {outside: 'flag'}});
    expect(unseen.service.predict({at_place: 'XXX', hint: null}, 'b', 2_000).outside).toEqual(['place']);
  });
});

describe('answers that were given before', () => {
  test('stick to their unit until its inputs have moved, time is up or another version answers', async () => {
    const {service, land, use} = await served({sticky: {for: '1h', by: 'at_place', until: 0.2}});
    const ask = (at: number) => service.predict(ATL, `id ${at}`, at);
    const first = ask(2_000);
    land(2_001, 0.7);
    // The mean has moved by a tenth of its trained range.
    expect(ask(2_100)).toMatchObject({level: 'sticky', prediction: first.prediction});
    land(2_101, 2);
    const moved = ask(2_200);
    expect(moved.level).toBe('model');
    expect(ask(2_300)).toMatchObject({level: 'sticky', prediction: moved.prediction});
    await use(2);
    expect(ask(2_400).level).toBe('model');
    land(3_600_000, 1.06);
    expect(ask(2_400 + 3_600_000).level).toBe('model');
  });

  test('come from the cache while it is fresh, per request and version', async () => {
    const {service, reader, use} = await served({cache: {for: '1s', entries: 1}});
    const ask = (request: typeof ATL, at: number) => service.predict(request, 'id', at).level;
    expect([ask(ATL, 2_000), ask(ATL, 2_999), ask(ATL, 3_000), ask(ATL, 3_500)]).toEqual([
      'model',
      'cached',
      'model',
      'cached',
    ]);
    expect(reader.reads).toBe(2);
    expect([ask(DEN, 3_500), ask(ATL, 3_500)]).toEqual(['model', 'model']);
    await use(2);
    expect(ask(ATL, 3_501)).toBe('model');
  });

  test('were made beforehand for some requests, by the version that would answer', async () => {
    const asked: number[] = [];
    const {service, reader} = await served(
      {},
      {
        lookup: ({at_place}, _, version) => {
          asked.push(version);
          return at_place === 'ATL' ? {prediction: 0.625} : null;
        },
      },
    );
    expect(service.predict(ATL, 'a', 2_000)).toMatchObject({level: 'precomputed', prediction: 0.625, version: 1});
    expect(reader.reads).toBe(0);
    expect(service.predict(DEN, 'b', 2_000).level).toBe('model');
    expect(asked).toEqual([1, 1]);
    expect(service.precompute(ATL, 2_000)).toEqual({prediction: sigmoid(1.5), version: 1});
  });

  test('an answer that is too unsure is handed to people; what people wrote down is not', async () => {
    const {service, reader} = await served({abstain: {below: 0.75}, fallback: [fixedValue(0.5)]});
    expect(service.predict(ATL, 'a', 2_000).abstained).toBe(false); // sigmoid(1.5) = 0.82
    expect(service.predict(DEN, 'b', 2_000).abstained).toBe(true);
    reader.broken = true;
    expect(service.predict(DEN, 'c', 2_000)).toMatchObject({level: 'value', abstained: false});
  });

  test('is explained by the version that gave it: base and contributions are its margin', async () => {
    const {service} = await served({});
    const {base, contributions} = service.explain(service.predict(ATL, 'a', 2_000))!;
    expect(base + Object.values(contributions).reduce((sum, c) => sum + c, 0)).toBeCloseTo(1.5, 12);
  });

  test('is explained by what it was computed from: inputs that were clipped are, and one of before is not', async () => {
    const {service, land} = await served({inputs: {outside: 'clip'}, sticky: {for: '1h', by: 'at_place', until: 0.2}});
    for (let i = 1; i <= 99; i++) land(1_000 + i, 9 + 8.5 / 99);
    const clipped = service.predict(ATL, 'a', 2_000);
    expect(clipped.prediction).toBeCloseTo(sigmoid(1 + 1), 6);
    const {base, contributions} = service.explain(clipped)!;
    expect(base + Object.values(contributions).reduce((sum, c) => sum + c, 0)).toBeCloseTo(2, 12);
    const again = service.predict(ATL, 'b', 2_001);
    expect(again).toMatchObject({level: 'sticky', outside: ['x']});
    expect(service.explain(again)).toBeNull();
  });

  test('is compared with what a challenger says of the same inputs, clipped likewise', async () => {
    const {service, land} = await served({inputs: {outside: 'clip'}});
    for (let i = 1; i <= 99; i++) land(1_000 + i, 9 + 8.5 / 99);
    await service.use({
      model: 'late',
      revision: 9,
      at: 0,
      arms: [
        {version: 1, role: 'champion', share: 1},
        {version: 2, role: 'shadow', share: 0},
      ],
      salt: 's',
      reason: 'test',
    });
    const shadows = service.shadows(service.predict(ATL, 'a', 2_000));
    expect(shadows).toEqual([{version: 2, prediction: expect.closeTo(sigmoid(1 + 1 + 1), 9)}]);
  });

  test('that the model is not asked for costs no reading of features', async () => {
    const {service, reader} = await served({fallback: [fixedValue(0.5)]});
    const degraded = service.predict(ATL, 'a', 2_000, {arrivedAt: performance.now(), overloaded: true});
    expect(degraded).toMatchObject({level: 'value', features: [Number.NaN, Number.NaN, 'ATL']});
    expect(reader.reads).toBe(0);
  });
});
