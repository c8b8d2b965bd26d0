import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openLog} from '../../app/index.ts';
import {deploy, type SmallPlatform, smallPlatform} from '../testing/small-platform.ts';
import {AccessLog, type AnsweredHttp} from './access-log.ts';

const answered = (more: Partial<AnsweredHttp> = {}): AnsweredHttp => ({
  method: 'POST',
  route: '/v1/models/:model/predict',
  status: 200,
  seconds: 0.001_234_5,
  headers: {},
  model: 'late',
  trace: null,
  ...more,
});

function logged(level: 'info' | 'debug', say: (access: AccessLog, at: (ms: number) => void) => void) {
  const lines: string[] = [];
  let now = 0;
  const log = openLog({format: 'json', level}, {write: line => lines.push(line)});
  const access = new AccessLog(log, () => now);
  say(access, ms => {
    now = ms;
  });
  return lines.map(line => JSON.parse(line));
}

describe('the lines of requests', () => {
  test('hold what finds a request again: its trace, its id, its model', () => {
    const headers = {traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'x-request-id': 'abc-1'};
    const [line] = logged('info', access => access.note(answered({headers})));
    expect(line).toMatchObject({
      level: 'info',
      message: 'request',
      method: 'POST',
      route: '/v1/models/:model/predict',
      status: 200,
      ms: 1.235,
      model: 'late',
      request_id: 'abc-1',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      parent_span_id: '00f067aa0ba902b7',
    });
  });

  test('an id that is none is replaced: nobody writes lines of their own', () => {
    const [line] = logged('info', access =>
      access.note(answered({headers: {'x-request-id': 'a"\n{"level":"error"}'}})),
    );
    expect(line.request_id).toMatch(/^[0-9a-z]+-1$/);
  });

  test('are twenty a second, failures apart; what was left out is counted', () => {
    const lines = logged('info', (access, at) => {
      for (let i = 0; i < 1_000; i++) access.note(answered());
      for (let i = 0; i < 3; i++) access.note(answered({status: 500}));
      at(1_000);
      access.note(answered());
    });
    expect(lines.filter(({level}) => level === 'info')).toHaveLength(21);
    expect(lines.filter(({level}) => level === 'error')).toHaveLength(3);
    expect(lines.at(-1)).toMatchObject({left_out: 980});
  });

  test('probes and scrapes are of interest only when they fail', () => {
    const probes = (access: AccessLog) => {
      access.note(answered({route: '/health/live'}));
      access.note(answered({route: '/metrics'}));
      access.note(answered({route: '/health/ready', status: 503}));
    };
    expect(logged('info', probes).map(({level}) => level)).toEqual(['warn']);
    expect(logged('debug', probes)).toHaveLength(3);
  });
});

describe('a server with a log', () => {
  const lines: string[] = [];
  let small: SmallPlatform;
  beforeAll(async () => {
    small = await smallPlatform('couriers', {
      log: openLog({format: 'json', level: 'info'}, {write: line => lines.push(line)}),
    });
    await deploy(small);
    await small.open();
  });
  afterAll(() => small.close());

  test('writes both ways of a request, and nothing that was in it', async () => {
    const ask = (body: unknown, more: object = {}) =>
      fetch(`${small.server.url}/v1/models/punctuality/predict`, {
        method: 'POST',
        headers: {'content-type': 'application/json', authorization: 'Bearer mlr_secret', ...more},
        body: JSON.stringify(body),
      });
    await ask({instances: [{kitchen: 'k1', distance: 1.2345, id: 'mine'}]}, {'x-request-id': 'lane'});
    // An origin is for the router to judge.
    await ask({instances: [{kitchen: 'k1', distance: 'terribly far'}]}, {'x-request-id': 'router', origin: 'http://x'});
    await fetch(`${small.server.url}/api/models/punctuality?secret=1`);
    const found = lines.map(line => JSON.parse(line));
    expect(found.map(({status, request_id: id}) => [status, id])).toEqual([
      [200, 'lane'],
      [400, 'router'],
      [200, expect.anything()],
    ]);
    expect(found.map(({model}) => model)).toEqual(['punctuality', 'punctuality', 'punctuality']);
    for (const secret of ['secret', 'terribly', '1.2345']) expect(lines.join('')).not.toContain(secret);
  });

  test('writes what failed inside, with its stack, and tells the client nothing of it', async () => {
    lines.length = 0;
    const [model] = small.host.platform!.models;
    const {predictAll} = model!;
    model!.predictAll = () => {
      throw new RangeError('deep inside');
    };
    const answer = await fetch(`${small.server.url}/v1/models/punctuality/predict`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({instances: [{kitchen: 'k1', distance: 1}]}),
    });
    model!.predictAll = predictAll;
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('deep inside');
    const found = lines.map(line => JSON.parse(line));
    expect(found[0]).toMatchObject({level: 'error', err: {type: 'RangeError', message: 'deep inside'}});
    expect(found[0].err.stack).toContain('access-log.test.ts');
    expect(found[1]).toMatchObject({level: 'error', message: 'request', status: 500});
  });
});
