// What the document of the API says, held against what a server answers.
import Ajv, {type ValidateFunction} from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {PredictAnswer} from '../protocol/index.ts';
import {deploy, NOW, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

type Json = {readonly [key: string]: unknown};
type Operation = {
  readonly requestBody: {readonly content: Json};
  readonly responses: {readonly [status: string]: Json};
};

let small: SmallPlatform;
let validators: Map<string, ValidateFunction>;

/** The same schema, but nothing that it does not name may be there: an answer has no field that is not in the document. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner && !('additionalProperties' in inner) ? {...inner, additionalProperties: false} : inner;
}

beforeAll(async () => {
  small = await smallPlatform('careful');
  await deploy(small);
  await small.open();
  const document = (await (await fetch(`${small.server.url}/openapi.json`)).json()) as Json;
  const ajv = new Ajv.default({strict: false, allErrors: true});
  formats.default(ajv);
  ajv.addSchema(closed({$id: 'api', ...document}) as Json);
  validators = new Map(
    Object.entries(document.paths as {[path: string]: {post?: Operation}}).flatMap(([path, {post}]) => {
      if (!post) return [];
      const at = (...keys: string[]) =>
        ajv.compile({
          $ref: `api#/${['paths', path, 'post', ...keys, 'content', 'application/json', 'schema']
            .map(key => key.replaceAll('~', '~0').replaceAll('/', '~1'))
            .map(encodeURIComponent)
            .join('/')}`,
        });
      return [
        [`asks ${path}`, at('requestBody')],
        ...Object.keys(post.responses).map(status => [`${path} ${status}`, at('responses', status)] as const),
      ] as [string, ValidateFunction][];
    }),
  );
});
afterAll(() => small.close());

const problemsOf = (what: string, value: unknown): unknown => {
  const validate = validators.get(what);
  if (!validate) return `the document says nothing of ${what}`;
  return validate(value) ? null : validate.errors!.map(({instancePath, message}) => `${instancePath} ${message}`);
};

/** Asks, and holds the answer against the document; `wellFormed`: the body is what the document wants. */
async function ask<T>(path: string, body: unknown, wellFormed = true): Promise<T> {
  const headers = {'content-type': 'application/json'};
  const answer = await fetch(small.server.url + path, {method: 'POST', headers, body: JSON.stringify(body)});
  const told = await answer.json();
  expect(problemsOf(`${path} ${answer.status}`, told)).toBeNull();
  expect(problemsOf(`asks ${path}`, body) === null, `the document takes ${JSON.stringify(body)}`).toBe(wellFormed);
  return told as T;
}

const MODEL = '/v1/models/punctuality';
const near = {kitchen: 'k1', distance: 0.5};

describe('the document of the API', () => {
  test('is true of predictions, with all that can be said of them', async () => {
    const seen = new Set<string>();
    const predict = async (body: object) => {
      const {predictions} = await ask<PredictAnswer>(`${MODEL}/predict`, body);
      for (const prediction of predictions) for (const field of Object.keys(prediction)) seen.add(field);
      return predictions;
    };
    await predict({instances: [near], explain: true, freshness: true});
    await predict({instances: [{...near, id: 'mine'}], features: false});
    await predict({instances: [{kitchen: 'never seen', distance: 3}], explain: true, freshness: true});
    await predict({instances: [{kitchen: 'k1', distance: 1e6}]});
    await predict({instances: Array.from({length: 200}, (_, i) => ({kitchen: 'k1', distance: i / 20}))});
    for (let i = 0; i < 4; i++) await predict({instances: [near]});
    await small.host.platform!.tick();
    const [made] = await predict({instances: [near], explain: true});
    expect(made).toMatchObject({level: 'precomputed', explanation: null});
    for (const field of ['skipped', 'outside', 'abstained', 'score', 'explanation', 'freshness', 'features'])
      expect(seen).toContain(field);
  });

  test('is true of rankings, feedback, events and reads of features', async () => {
    await ask(`${MODEL}/rank`, {context: {kitchen: 'k1'}, candidates: [{distance: 1}, {distance: 2, id: 'b'}], top: 1});
    const feedback = [
      {id: 'mine', value: true, feedbackId: 'f1'},
      {id: 'mine'},
      {id: 'mine', kind: 'implicit', at: NOW},
    ];
    await ask(`${MODEL}/feedback`, {feedback});
    await ask(`${MODEL}/feedback`, {feedback: [{value: 1}]}, false);
    const deliveredAt = new Date(NOW - 60_000).toISOString();
    await ask('/v1/events/deliveries', {events: [{orderId: 'o', kitchen: 'k3', delay: 3, deliveredAt}]});
    await ask('/v1/events/deliveries', {events: [{orderId: 'o'}]}, false);
    await ask('/v1/features/atOrder/read', {entities: [near, {kitchen: 'never seen', distance: 1}]});
    await ask('/v1/features/atOrder/read', {entities: [near], features: ['km'], at: NOW, freshness: true});
  });

  test.each<[string, unknown]>([
    [`${MODEL}/predict`, {instances: []}],
    [`${MODEL}/predict`, {instances: [{kitchen: 7}]}],
    [`${MODEL}/predict`, {instances: [{...near, distence: 1}]}],
    [`${MODEL}/predict`, {instances: [near], explain: 1}],
    [`${MODEL}/predict`, {instances: [{...near, id: ''}]}],
    [`${MODEL}/predict`, []],
    [`${MODEL}/rank`, {candidates: []}],
    [`${MODEL}/feedback`, {}],
    ['/v1/events/deliveries', {}],
    ['/v1/features/atOrder/read', {entities: [{}]}],
  ])('is true of what %s refuses: %j', async (path, body) => {
    const told = await ask<Json>(path, body, false);
    expect(told).toMatchObject({code: 'REQUEST_INVALID'});
  });
});
