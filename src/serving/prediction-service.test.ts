import {describe, expect, test} from 'vitest';
import {events} from '../events/index.ts';
import {entity, featureSet, featureView, OnlineReader, StreamExecutor, use} from '../features/index.ts';
import {MillraceError, type ReleaseArm, type ReleasePlan, t} from '../protocol/index.ts';
import {FEATURES, sigmoid, smallModel} from './model.fixture.ts';
import {PredictionService} from './prediction-service.ts';

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
  request: {at_place: t.string},
  views: [use(view, {place: 'at_place'})],
  derive: x => ({x: x.mean_1h, place: x.at_place}),
});

function served(
  artifacts: Record<number, Uint8Array> = {1: smallModel(0, 1), 2: smallModel(2, 1), 3: smallModel(-2, 1)},
) {
  const executor = new StreamExecutor([view]);
  executor.apply({
    stream: 'landings',
    position: 0,
    count: 1,
    ids: ['l'],
    eventTimes: Float64Array.of(1_000),
    arrivalTimes: Float64Array.of(1_000),
    columns: {id: ['l'], place: ['ATL'], delay: Float64Array.of(0.5), at: Float64Array.of(1_000)},
  });
  const fetched: number[] = [];
  const service = new PredictionService({
    model: 'late',
    reader: new OnlineReader(set, executor),
    version: async version => {
      fetched.push(version);
      return {artifact: await artifacts[version]!, companions: new Map(), ranges: new Map()};
    },
    position: () => executor.position,
  });
  return {service, fetched};
}

let revision = 0;
const planOf = (...arms: [ReleaseArm['role'], number, number][]): ReleasePlan => ({
  model: 'late',
  revision: ++revision,
  at: 0,
  arms: arms.map(([role, version, share]) => ({role, version, share})),
  salt: `late/${arms[1]?.[1] ?? 1}`,
  reason: 'test',
});
const ATL = {at_place: 'ATL'};

describe('the prediction service', () => {
  test('is not ready before something is deployed', () => {
    const {service} = served();
    expect(service.plan).toBeNull();
    for (const ask of [() => service.predict(ATL, 'a', 2_000), () => service.champion])
      expect(ask).toThrow(expect.objectContaining({code: 'NOT_READY'}));
  });

  test('answers with all that was used for it', async () => {
    const {service} = served();
    await service.use(planOf(['champion', 1, 1]));
    expect(service.predict(ATL, 'a', 2_000)).toEqual({
      id: 'a',
      at: 2_000,
      position: 1,
      version: 1,
      role: 'champion',
      propensity: 1,
      level: 'model',
      skipped: [],
      outside: [],
      abstained: false,
      prediction: sigmoid(0.5 + 1),
      features: [0.5, 0.5, 'ATL'],
      request: ATL,
    });
    // Nothing is known of Denver, and no category either: the bias alone.
    expect(service.predict({at_place: 'DEN'}, 'b', 2_000).prediction).toBe(sigmoid(0));
  });

  test('keeps a unit on its arm, and only moves units to the canary while its share grows', async () => {
    const {service} = served();
    const units = Array.from({length: 2_000}, (_, i) => `unit ${i}`);
    const canary = () => new Set(units.filter(id => service.predict(ATL, id, 2_000).role === 'canary'));
    await service.use(planOf(['champion', 1, 0.9], ['canary', 2, 0.1]));
    const [before, again] = [canary(), canary()];
    expect(again).toEqual(before);
    expect(before.size / units.length).toBeCloseTo(0.1, 1);
    await service.use(planOf(['champion', 1, 0.5], ['canary', 2, 0.5]));
    const after = canary();
    expect([...before].every(id => after.has(id))).toBe(true);
    expect(after.size / units.length).toBeCloseTo(0.5, 1);
    for (const id of units.slice(0, 50)) {
      const {version, role, prediction} = service.predict(ATL, id, 2_000);
      expect([version, prediction]).toEqual(role === 'canary' ? [2, sigmoid(3.5)] : [1, sigmoid(1.5)]);
    }
  });

  test('lets every version that did not answer score the same features', async () => {
    const {service} = served();
    await service.use(planOf(['champion', 1, 1]));
    expect(service.shadows(service.predict(ATL, 'a', 2_000))).toEqual([]);
    await service.use(planOf(['champion', 1, 0.5], ['canary', 2, 0.5], ['shadow', 3, 0]));
    const roles = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const answer = service.predict(ATL, `unit ${i}`, 2_000);
      roles.add(answer.role);
      const others = [1, 2, 3].filter(version => version !== answer.version);
      expect(service.shadows(answer)).toEqual(
        others.map(version => ({version, prediction: sigmoid(1.5 + [0, 2, -2][version - 1]!)})),
      );
    }
    expect(roles).toEqual(new Set(['champion', 'canary']));
  });

  test('loads each version once', async () => {
    const {service, fetched} = served();
    await service.use(planOf(['champion', 1, 1]));
    await service.use(planOf(['champion', 1, 1], ['shadow', 2, 0]));
    await service.use(planOf(['champion', 2, 1]));
    expect(fetched).toEqual([1, 2]);
    expect(service.champion.version).toBe(2);
  });

  test.each([
    ['is damaged', {2: smallModel(0, 1).subarray(0, 40)}, 'MODEL_INVALID'],
    [
      'wants a feature that is gone',
      {2: smallModel(0, 1, [{name: 'gone', kind: 'numeric'}, FEATURES[1]!])},
      'MODEL_INVALID',
    ],
  ] as const)('goes on with the plan it has when the next version %s', async (_, broken, code) => {
    const {service} = served({1: smallModel(0, 1), ...broken});
    const first = planOf(['champion', 1, 1]);
    await service.use(first);
    const failed = await service.use(planOf(['champion', 2, 1])).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(MillraceError);
    expect((failed as MillraceError).code).toBe(code);
    expect(service.plan).toBe(first);
    expect(service.predict(ATL, 'a', 2_000).version).toBe(1);
  });

  test('answers by the old plan while the new one loads, and never goes back to an older one', async () => {
    let give: (bytes: Uint8Array) => void = () => {};
    const slow = new Promise<Uint8Array>(resolve => {
      give = resolve;
    });
    const {service} = served({1: smallModel(0, 1), 2: slow as never, 3: smallModel(-2, 1)});
    await service.use(planOf(['champion', 1, 1]));
    const loading = service.use(planOf(['champion', 2, 1]));
    expect(service.predict(ATL, 'a', 2_000).version).toBe(1);
    await service.use(planOf(['champion', 3, 1]));
    give(smallModel(2, 1));
    await loading;
    expect(service.predict(ATL, 'a', 2_000).version).toBe(3);
  });
});
