import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {FeatureRows, WhyAnswer} from '../protocol/index.ts';
import {NOW, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

const MINUTE = 60_000;
let small: SmallPlatform;

beforeAll(async () => {
  small = await smallPlatform();
  await small.open();
});
afterAll(() => small.close());

async function post<T>(path: string, body: unknown): Promise<{status: number; body: T}> {
  const answer = await fetch(`${small.server.url}${path}`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify(body),
  });
  return {status: answer.status, body: (await answer.json()) as T};
}

type Failure = {readonly code: string; readonly message: string; readonly fix?: string};

const SET = 'atOrder';
const read = <T = FeatureRows>(body: unknown, set = SET) => post<T>(`/v1/features/${set}/read`, body);
const why = <T = WhyAnswer>(body: unknown) => post<T>(`/v1/features/${SET}/why`, body);
const entity = (kitchen: string) => ({kitchen, distance: 2});

let next = 0;
const deliver = (kitchen: string, delay: number, minutesAgo: number) =>
  post('/v1/events/deliveries', {
    events: [
      {
        orderId: `read-${next++}`,
        kitchen,
        delay,
        deliveredAt: new Date(small.clock.now() - minutesAgo * MINUTE).toISOString(),
      },
    ],
  });

describe('features read online', () => {
  test('are packed rows for many entities, in the order asked for, with freshness', async () => {
    const first = await deliver('new one', 12, 3);
    expect(first.status).toBe(200);
    const all = await read({entities: [entity('new one'), entity('never seen')], freshness: true});
    expect(all.status).toBe(200);
    const {features, values, freshness, at} = all.body;
    expect(at).toBe(small.clock.now());
    expect(features).toEqual(small.project.sets.find(s => s.name === SET)!.features.map(f => f.name));
    expect(values.map(row => row.length)).toEqual([features.length, features.length]);
    const [view] = freshness!;
    expect(view!.latestEvent).toEqual([small.clock.now() - 3 * MINUTE, null]);
    expect(view!.behind).toBe(0);
    const wanted = [features[2]!, features[0]!];
    const two = await read({entities: [entity('new one')], features: wanted});
    expect(two.body.values).toEqual([[values[0]![2], values[0]![0]]]);
  });

  test('at a time of the past are what a read then had given', async () => {
    await deliver('traveller', 4, 2);
    const then = small.clock.now();
    const before = await read({entities: [entity('traveller')]});
    small.clock.advanceTo(then + 30 * MINUTE);
    await deliver('traveller', 50, 1);
    const now = await read({entities: [entity('traveller')]});
    expect(now.body.values).not.toEqual(before.body.values);
    const past = await read({entities: [entity('traveller')], at: then});
    expect(past.body.values).toEqual(before.body.values);
    expect((await read<Failure>({entities: [entity('x')], at: small.clock.now() + 1})).body.code).toBe(
      'REQUEST_INVALID',
    );
  });

  test('say why: the events behind a value, and what a derived one was made from', async () => {
    await deliver('asked', 7, 9);
    await deliver('asked', 9, 4);
    const set = small.project.sets.find(s => s.name === SET)!;
    const feature = set.views[0]!.view.features[0]!;
    const answer = await why({feature: feature.name, entity: entity('asked'), limit: 1});
    expect(answer.status).toBe(200);
    const rows = await read({entities: [entity('asked')], features: [feature.name]});
    expect(answer.body.value).toBe(rows.body.values[0]![0]);
    const edges = {from: small.clock.now() - 60 * MINUTE, to: small.clock.now()};
    expect(answer.body.window).toMatchObject({source: 'deliveries', count: 2, ...edges});
    expect(answer.body.window!.events).toHaveLength(1);
    expect(answer.body.window!.events[0]!.time).toBe(small.clock.now() - 4 * MINUTE);
    const derived = await why({feature: set.derived[0]!.name, entity: entity('asked')});
    expect(derived.body.window).toBeNull();
    expect(derived.body.inputs!.length).toBeGreaterThan(0);
  });

  test('that cannot be read are told what is wrong', async () => {
    const cases: [unknown, string?, string?][] = [
      [{entities: []}],
      [{}],
      [null],
      [{entities: [{kitchen: 3}]}],
      [{entities: [entity('a')], features: ['nothing']}, SET, 'FEATURE_UNKNOWN'],
      [{entities: [entity('a')]}, 'noSuchSet', 'FEATURE_UNKNOWN'],
      [{entities: Array.from({length: 1_001}, () => entity('a'))}],
    ];
    for (const [body, set, code = 'REQUEST_INVALID'] of cases) {
      const answer = await read<Failure>(body, set);
      expect(answer.status, JSON.stringify(body)?.slice(0, 80)).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body.code, JSON.stringify(body)?.slice(0, 80)).toBe(code);
    }
    expect((await why<Failure>({feature: 'nothing', entity: entity('a')})).body.code).toBe('FEATURE_UNKNOWN');
    expect(NOW).toBeLessThanOrEqual(small.clock.now());
  });
});
