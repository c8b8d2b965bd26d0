import {afterAll, beforeAll, expect, test} from 'vitest';
import {ClientError, createClient, type MillraceClient} from '../client/index.ts';
import {deploy, NOW, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

let small: SmallPlatform;
let client: MillraceClient;
beforeAll(async () => {
  small = await smallPlatform();
  await deploy(small);
  client = createClient({url: small.server.url});
});
afterAll(() => small.close());

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'none',
    error => (error instanceof ClientError ? [error.status, error.code] : error),
  );

test('features are found by words and filters, best first', async () => {
  const names = async (q: string) => (await client.features({q})).map(f => f.name);
  expect(await names('late')).toEqual(['late_1h', 'late_6h', 'delay_2h', 'out_1h']);
  expect(await names('owner:kitchens')).toEqual(['queue_30m', 'lastDistance_30m']);
  expect(await names('sensitivity:personal')).toEqual(['lastDistance_30m']);
  expect((await client.features()).length).toBe(small.project.models[0]!.features.features.length);
  expect(await codeOf(client.features({q: 'onwer:me'}))).toEqual([400, 'REQUEST_INVALID']);
  expect(await codeOf(client.features({q: 'x'.repeat(401)}))).toEqual([400, 'REQUEST_INVALID']);
});

test('a feature tells its versions, who reads it and with which definition', async () => {
  const {feature, definition, readers, derivedInto} = await client.feature('lastDistance_30m');
  expect(feature).toMatchObject({
    version: 1,
    columns: ['orders.distance'],
    usedBy: ['punctuality'],
    about: {owner: 'kitchens'},
  });
  expect(definition).toMatchObject({of: 'view', name: 'load', current: 1, currentSince: NOW});
  expect(definition!.versions).toMatchObject([
    {number: 1, firstSeenAt: NOW, changes: [], unusedSince: null, usedBy: [{model: 'punctuality', version: 1}]},
  ]);
  expect(readers).toMatchObject([{model: 'punctuality', version: 1, status: 'champion', definition: 1, inUse: true}]);
  expect(derivedInto).toEqual([]);
  expect((await client.feature('km')).definition).toMatchObject({of: 'feature-set', name: 'atOrder'});
  expect(await codeOf(client.feature('nothing'))).toEqual([404, 'FEATURE_UNKNOWN']);
});

test('lineage goes from the columns to the release, and shows who reads personal data', async () => {
  const {nodes, edges} = await client.lineage('lastDistance_30m');
  expect(nodes.map(n => n.kind)).toEqual([
    'feature',
    'column',
    'column',
    'feature-set',
    'dataset',
    'model-version',
    'release',
  ]);
  expect(nodes.filter(n => n.personal).map(n => n.kind)).toEqual(['feature', 'dataset', 'model-version', 'release']);
  const ids = new Set(nodes.map(n => n.id));
  for (const {from, to} of edges) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
  expect(edges).toContainEqual({from: 'column:orders.distance', to: 'feature:lastDistance_30m', role: 'value'});
  expect(edges).toContainEqual({from: 'version:punctuality/1', to: 'release:punctuality', role: 'value'});
  expect(nodes.find(n => n.kind === 'dataset')!.detail).toMatch(/rows, load v1$/);
  expect(await codeOf(client.lineage('nothing'))).toEqual([404, 'FEATURE_UNKNOWN']);
});

test('definitions are listed, and compared by number', async () => {
  expect((await client.definitions()).map(d => [d.of, d.name, d.current])).toEqual([
    ['view', 'load', 1],
    ['view', 'recent', 1],
    ['feature-set', 'atOrder', 1],
  ]);
  expect(await client.definitionDiff('recent')).toEqual({of: 'view', name: 'recent', from: 1, to: 1, changes: []});
  expect(await codeOf(client.definitionDiff('recent', {from: 1, to: 2}))).toEqual([404, 'VERSION_NOT_FOUND']);
  expect(await codeOf(client.definitionDiff('recent', {from: 0.5}))).toEqual([400, 'REQUEST_INVALID']);
  expect(await codeOf(client.definitionDiff('recnt'))).toEqual([404, 'NAME_UNKNOWN']);
});
