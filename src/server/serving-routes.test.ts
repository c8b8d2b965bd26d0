import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {clientCode} from '../app/index.ts';
import {createClient} from '../client/index.ts';
import type {PredictAnswer} from '../protocol/index.ts';
import {deploy, NOW, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

const MODEL = 'punctuality';
let small: SmallPlatform;
let client: ReturnType<typeof createClient>;

beforeAll(async () => {
  small = await smallPlatform('careful');
  await deploy(small);
  await small.open();
  client = createClient({url: small.server.url});
});
afterAll(() => small.close());

const near = {kitchen: 'k1', distance: 0.5};
const far = {kitchen: 'k1', distance: 9};

describe('an answer', () => {
  test('says which level gave it, and more when asked', async () => {
    const deliveredAt = new Date(NOW - 60_000).toISOString();
    await client.pushEvents('deliveries', [{orderId: 'fresh', kitchen: 'k3', delay: 3, deliveredAt}]);
    const ask = {instances: [{...far, kitchen: 'k3', id: 'one'}], explain: true, freshness: true, features: false};
    const [told] = (await client.predict(MODEL, ask)).predictions;
    expect(told).toMatchObject({id: 'one', level: 'model', version: 1});
    expect(told).not.toHaveProperty('features');
    expect(told).not.toHaveProperty('skipped');
    const {base, contributions} = told!.explanation!;
    const margin = Object.values(contributions).reduce((sum, each) => sum + each, base);
    expect(1 / (1 + Math.exp(-margin))).toBeCloseTo(told!.prediction!, 9);
    expect(Object.keys(told!.freshness!)).toEqual(['recent', 'load']);
    expect(told!.freshness!.recent).toBe(NOW - 60_000);
  });

  test('of a kitchen that nobody knows comes from a simpler model, and says why', async () => {
    const [told] = (await client.predict(MODEL, {instances: [{kitchen: 'never seen', distance: 3}]})).predictions;
    expect(told).toMatchObject({
      level: 'simpler by distance',
      skipped: [
        {level: 'model', reason: 'missing-features', message: expect.stringMatching(/^\d of \d features are missing/)},
      ],
    });
    const [status] = await client.serving();
    expect(status!.answeredBy['simpler by distance']).toBe(1);
    expect(status!.levels.map(({level, breaker}) => [level, breaker])).toEqual([
      ['model', 'closed'],
      ['simpler by distance', 'closed'],
      ['rule', 'closed'],
      ['last', 'closed'],
      ['value', 'closed'],
    ]);
    expect(status!.lacking).toEqual([]);
    expect(status!.policy.join(' ')).toContain(
      "If the model cannot answer: the simpler model 'by distance'; then the rule",
    );
  });

  test.each([
    ['an option that is none', {explain: 1}, "'explain' is 1."],
    ['too many explanations', {explain: true, instances: Array(101).fill(near)}, '101 instances are to be explained.'],
  ])('refuses %s', async (_, more, message) => {
    await expect(client.predict(MODEL, {instances: [near], ...more} as never)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

describe('a ranking', () => {
  test('scores all candidates in one call, by one version, best first', async () => {
    const candidates = [0.5, 9, 3, 9].map((distance, i) => ({distance, ...(i === 2 ? {id: 'named'} : {})}));
    const {ranking, id, version, at} = await client.rank(MODEL, {context: {kitchen: 'k1'}, candidates, id: 'user 7'});
    expect({id, version, at}).toEqual({id: 'user 7', version: 1, at: NOW});
    expect(ranking.map(({score}) => score)).toEqual(ranking.map(({score}) => score).sort((a, b) => b - a));
    const same = ranking.filter(({index}) => index === 1 || index === 3);
    expect(same.map(({index}) => index)).toEqual([1, 3]);
    expect(new Set(ranking.map(r => r.id))).toEqual(new Set(['user 7/0', 'user 7/1', 'named', 'user 7/3']));
    const alone = (await client.predict(MODEL, {instances: [far]})).predictions[0]!;
    expect(ranking.find(({index}) => index === 1)!.score).toBe(alone.prediction ?? alone.score);
    const top = await client.rank(MODEL, {context: {kitchen: 'k1'}, candidates, top: 2});
    expect(top.ranking.map(({score}) => score)).toEqual(ranking.slice(0, 2).map(({score}) => score));
  });

  test.each([
    [{}, "The body has no list 'candidates'."],
    [{context: {}, candidates: []}, "'candidates' holds 0."],
    [{context: 3, candidates: [far]}, "'context' is not an object."],
    [{context: {}, candidates: [far], top: 0}, "'top' is 0."],
    [{context: {}, candidates: [null]}, 'candidates[0] is not an object.'],
    [{context: {kitchen: 'k1'}, candidates: [{distance: 'far'}]}, '\'distance\' is "far".'],
  ])('refuses %j', async (body, message) => {
    await expect(client.rank(MODEL, body as never)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining(message),
    });
  });
});

describe('feedback', () => {
  test('is durable when it is acknowledged, and counts once', async () => {
    const feedback = [
      {id: 'one', value: true, feedbackId: 'f1'},
      {id: 'one', kind: 'implicit', name: 'opened', feedbackId: 'f2'},
      {id: 'one', kind: 'rumour'},
      {value: 1},
    ] as never;
    const answer = await client.feedback(MODEL, {feedback});
    expect(answer).toMatchObject({accepted: 2, duplicates: 0});
    expect(answer.rejected.map(({index, message}) => [index, message])).toEqual([
      [2, expect.stringContaining('rumour')],
      [3, expect.stringContaining('predictionId')],
    ]);
    expect(await client.feedback(MODEL, {feedback: [{id: 'one', feedbackId: 'f1'}]})).toMatchObject({
      accepted: 0,
      duplicates: 1,
    });
    const rows: string[] = [];
    for await (const {columns} of small.host.runtime.log.read({stream: 'said'}))
      rows.push(...(columns.name as string[]));
    expect(rows).toEqual(['feedback', 'opened']);
  });

  test.each([
    [{}, "The body has no list 'feedback'."],
    [{feedback: []}, "'feedback' holds 0."],
  ])('refuses %j', async (body, message) => {
    await expect(client.feedback(MODEL, body as never)).rejects.toMatchObject({code: 'REQUEST_INVALID', message});
  });
});

describe('what a model is too unsure of', () => {
  test('waits for people, and their decision is feedback', async () => {
    // Somewhere between near and far the model is of two minds.
    const instances = Array.from({length: 200}, (_, i) => ({kitchen: 'k1', distance: i / 20, id: `unsure ${i}`}));
    const {predictions} = await client.predict(MODEL, {instances});
    const unsure = predictions.filter(({abstained}) => abstained);
    expect(unsure.length).toBeGreaterThan(0);
    for (const {prediction, score} of unsure) {
      expect(prediction).toBeNull();
      expect(Math.abs(score! - 0.5)).toBeLessThan(0.05);
    }
    expect(predictions.every(p => p.abstained || Math.abs(p.prediction! - 0.5) >= 0.05)).toBe(true);
    const waiting = await client.reviews(MODEL, {state: 'open', limit: 1_000});
    expect(waiting.map(({id}) => id).sort()).toEqual(unsure.map(({id}) => id).sort());
    const {id} = unsure[0]!;
    expect(await client.decide(MODEL, {id, decision: 1, by: 'Ada'})).toMatchObject({
      id,
      state: 'decided',
      decision: 1,
      by: 'Ada',
      decidedAt: NOW,
    });
    await expect(client.decide(MODEL, {id, decision: 0})).rejects.toMatchObject({
      status: 409,
      message: `'${id}' was decided by Ada: 1.`,
    });
    await expect(client.decide(MODEL, {id: 'one', decision: 0})).rejects.toMatchObject({status: 404});
    await expect(client.decide(MODEL, {id, decision: 2} as never)).rejects.toMatchObject({status: 400});
    for (const [wrong, message] of [
      [{decision: 0}, "'id' is missing."],
      [{id, label: 0}, "'label' is no field of this request."],
    ] as const)
      await expect(client.decide(MODEL, wrong as never)).rejects.toMatchObject({status: 400, message});
    const rows: string[] = [];
    for await (const {columns} of small.host.runtime.log.read({stream: 'said'}))
      rows.push(...(columns.predictionId as string[]));
    expect(rows).toContain(id);
    expect((await client.serving())[0]!.reviews.open).toBe(unsure.length - 1);
  });
});

describe('hybrid serving', () => {
  test('answers what is asked often from a table, until it is too old', async () => {
    const ask = async () =>
      (await client.predict(MODEL, {instances: [{kitchen: 'k2', distance: 7.25}]})).predictions[0]!;
    const first = await ask();
    for (let i = 0; i < 3; i++) expect((await ask()).level).toBe('model');
    await small.host.platform!.tick();
    const made = await ask();
    expect(made).toMatchObject({level: 'precomputed', prediction: first.prediction, version: 1});
    const [status] = await client.serving();
    expect(status!.hybrid).toMatchObject({hits: 1, table: {madeAt: NOW, ageMs: 0}});
    expect(status!.hybrid!.rule).toContain('asked at least 3 times within 1 d');
  });
});

describe('a client that was made for the project', () => {
  test('asks this server, and rejects with what it refused', async () => {
    const file = join(small.folder, 'client.ts');
    writeFileSync(file, clientCode(small.project));
    const made = await import(/* @vite-ignore */ file);
    const {models, events, features} = made.createClient({url: `${small.server.url}/`});
    expect((await models.punctuality.predict([far], {features: false})).predictions[0].version).toBe(1);
    expect((await models.punctuality.rank({kitchen: 'k1'}, [{distance: 1}, {distance: 2}])).ranking).toHaveLength(2);
    expect(await models.punctuality.feedback([{id: 'one', at: new Date(NOW)}])).toMatchObject({accepted: 1});
    expect(await events.deliveries.push([])).toMatchObject({accepted: 0});
    expect((await features.atOrder.read([near], {features: ['km']})).values).toEqual([[near.distance]]);
    const failure = await models.punctuality.predict([{kitchen: 'k1'}]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(made.MillraceFailure);
    expect(failure).toMatchObject({status: 400, code: 'REQUEST_INVALID', problems: [{path: 'instances[0].distance'}]});
  });

  test('is described by the document of the server', async () => {
    const answer = await fetch(`${small.server.url}/openapi.json`);
    const document = (await answer.json()) as {paths: Record<string, unknown>};
    expect(Object.keys(document.paths)).toContain('/v1/models/punctuality/feedback');
  });
});

describe('production', () => {
  test('takes another version between two requests, and refuses one that failed its gates', async () => {
    await deploy(small);
    const asking = Promise.all(Array.from({length: 50}, () => client.predict(MODEL, {instances: [far]})));
    const plan = await client.deploy(MODEL, {version: 1, reason: 'Back.'});
    expect(plan).toMatchObject({reason: 'Back.', arms: [{version: 1, role: 'champion', share: 1}]});
    expect((await asking).every(({predictions}: PredictAnswer) => predictions.length === 1)).toBe(true);
    await expect(client.deploy(MODEL, {version: 99})).rejects.toMatchObject({status: 404, code: 'VERSION_NOT_FOUND'});
    await expect(client.deploy(MODEL, {versoin: 2} as never)).rejects.toMatchObject({status: 400});
    await expect(client.retrain(MODEL, {})).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: "'punctuality' has no retrain policy.",
    });
  });

  test('changes of it that are asked for at once are made one after the other', async () => {
    const platform = small.host.platform!;
    const steps = [1, 2, 1, 2].map(version => platform.deploy(MODEL, version, `To ${version}.`));
    const plans = await Promise.all([...steps, platform.tick()]);
    expect(plans.slice(0, 4).map(plan => plan!.arms[0]!.version)).toEqual([1, 2, 1, 2]);
    expect(platform.model(MODEL).service.champion.version).toBe(2);
    expect((await small.host.runtime.registry.plan(MODEL))!.reason).toBe('To 2.');
    await platform.deploy(MODEL, 1, 'Back.');
  });

  test('the prediction log says level and propensity of every answer', async () => {
    const {predictions} = small.host.runtime;
    await predictions.flush();
    const levels = new Map<string, number>();
    for await (const batch of predictions.served(MODEL))
      for (let i = 0; i < batch.count; i++) {
        levels.set(batch.levels[i]!, (levels.get(batch.levels[i]!) ?? 0) + 1);
        expect(batch.propensities[i]).toBe(1);
      }
    const [status] = await client.serving();
    expect(Object.fromEntries(levels)).toEqual(status!.answeredBy);
    const metrics = await (await fetch(`${small.server.url}/metrics`)).text();
    expect(metrics).toContain('millrace_predictions_by_level_total{model="punctuality",level="simpler by distance"} 1');
    expect(metrics).toContain('millrace_requests_shed_total{how="refused"} 0');
  });

  test('a restart recalls the last answers for the fallback that uses them', async () => {
    const before = small.host.platform!.model(MODEL).watch.distributions();
    await small.host.runtime.predictions.flush();
    await small.restart();
    client = createClient({url: small.server.url});
    const {service, watch} = small.host.platform!.model(MODEL);
    // Answers of other levels are counted by no monitor, before or after.
    expect(watch.distributions()).toEqual(before);
    expect(service.levels().map(({level}) => level)).toContain('last');
    expect((await client.predict(MODEL, {instances: [near]})).predictions).toHaveLength(1);
  });

  test('a restart forgets nothing that was asked often: the next table has it too', async () => {
    const often = {kitchen: 'k2', distance: 6.75};
    for (let i = 0; i < 4; i++) await client.predict(MODEL, {instances: [often]});
    await small.host.runtime.predictions.flush();
    await small.restart();
    client = createClient({url: small.server.url});
    small.clock.advanceTo(NOW + 3_600_000);
    await small.host.platform!.tick();
    expect((await client.predict(MODEL, {instances: [often]})).predictions[0]!.level).toBe('precomputed');
  });
});
