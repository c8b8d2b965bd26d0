import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {json} from 'node:stream/consumers';
import {afterAll, expect, test} from 'vitest';
import {ROOT, start, temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

test('serve --log json writes nothing but JSON on stderr, and sends its traces before it ends', async () => {
  const names: string[] = [];
  const collector = createServer(async (request, response) => {
    const {resourceSpans} = (await json(request)) as {
      resourceSpans: {scopeSpans: {spans: {name: string}[]}[]}[];
    };
    for (const {scopeSpans} of resourceSpans)
      for (const {spans} of scopeSpans) names.push(...spans.map(({name}) => name));
    response.writeHead(200, {'content-type': 'application/json'}).end('{}');
  });
  await new Promise<void>(resolve => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const project = join(ROOT, 'test/projects/couriers');
  const running = start(
    ['serve', '--port', '0', '--json', '--log', 'json', '--project', project, '--data', join(folder.path, 'data')],
    folder.path,
    {OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, FORCE_COLOR: '1'},
  );
  await running.shows('"pid"');
  const {url} = JSON.parse(running.out()) as {url: string};
  const answer = await fetch(`${url}/v1/models/punctuality/predict`, {
    method: 'POST',
    headers: {'content-type': 'application/json', 'x-request-id': 'night-1'},
    body: JSON.stringify({instances: [{kitchen: 'k1', distance: 1}]}),
  });
  expect(answer.status).toBe(503);
  running.process.kill('SIGTERM');
  const {err} = await running.ended;
  collector.close();
  const lines = err
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({level: 'info', message: expect.stringMatching(/^Millrace · /)});
  expect(lines.find(({request_id: id}) => id === 'night-1')).toMatchObject({
    level: 'warn',
    status: 503,
    model: 'punctuality',
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(names).toContain('POST /v1/models/:model/predict');
});
