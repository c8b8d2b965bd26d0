import {afterEach, describe, expect, test} from 'vitest';
import {startMailServer} from '../../monitoring/channels/contract/mail-server.ts';
import {startReceiver} from '../../monitoring/channels/contract/receiver.ts';
import {logLines, mail, notifications, slack, webhook} from '../../monitoring/index.ts';
import {alertOf, DAY, DeskProcess, HOUR, MINUTE, START} from './desk.fixture.ts';
import {MOST_AN_HOUR} from './outbox.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
async function opened<T extends {close(): Promise<void>}>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  closing.push(() => started.close());
  return started;
}

const oncall = webhook('oncall', {url: {env: 'ONCALL_URL'}});
const log = notifications({channels: [logLines()]});
const auc = alertOf('performance', 'auc', START);
const drift = alertOf('prediction-drift', 'prediction', START);
const told = ({lines}: DeskProcess) => lines.map(({msg, incident}) => `${msg} ${incident}`);

describe('people are told', () => {
  test('of an incident once, half a minute after it opened, and of its end', async () => {
    const desk = await opened(DeskProcess.start({notifications: log}));
    await desk.opens(auc);
    await desk.pass(20_000);
    expect(desk.lines).toEqual([]);
    await desk.opens(drift);
    await desk.pass(10_000);
    expect(told(desk)).toEqual(['incident opened late.1']);
    await desk.pass(HOUR);
    await desk.resolves(auc, drift);
    await desk.pass(HOUR);
    expect(told(desk)).toEqual(['incident opened late.1', 'incident resolved late.1']);
    const {incident, alerts, deliveries} = await desk.desk.get('late.1');
    expect(incident.inhibited).toEqual([{alert: drift.id, reason: 'Follows from: performance of auc'}]);
    expect(alerts.map(({id}) => id)).toEqual([auc.id, drift.id]);
    expect(deliveries.map(({event, state, attempts}) => [event, state, attempts])).toEqual([
      ['resolved', 'delivered', 1],
      ['opened', 'delivered', 1],
    ]);
  });

  test('of the end by the next process, where the last one stopped before that was due, days ago', async () => {
    const desk = await opened(DeskProcess.start({notifications: log}));
    await desk.opens(auc);
    await desk.pass(HOUR);
    await desk.resolves(auc);
    desk.clock.advanceTo(desk.now + 2 * DAY);
    await desk.again();
    await desk.pass(MINUTE);
    expect(told(desk)).toEqual(['incident opened late.1', 'incident resolved late.1']);
    await desk.again();
    await desk.pass(DAY, HOUR);
    expect(desk.lines).toHaveLength(2);
    expect(desk.desk.current).toEqual([]);
  });

  test('of nothing that was over within the half minute', async () => {
    const desk = await opened(DeskProcess.start({notifications: log}));
    await desk.opens(auc);
    await desk.resolves(auc);
    await desk.pass(DAY, HOUR);
    expect(desk.lines).toEqual([]);
    expect(await desk.desk.list({state: 'resolved'})).toHaveLength(1);
  });

  test('again every four hours while a page is open, until somebody acknowledges', async () => {
    const desk = await opened(DeskProcess.start({notifications: log}));
    await desk.opens(auc);
    await desk.pass(9 * HOUR, MINUTE);
    expect(desk.lines).toHaveLength(3);
    expect(await desk.desk.acknowledge('late.1', 'ada', desk.now)).toMatchObject({acknowledgedBy: 'ada'});
    await desk.pass(9 * HOUR, MINUTE);
    expect(desk.lines).toHaveLength(3);
  });

  test('of pages and tickets where the routes say; who heard of the beginning hears of the end', async () => {
    const routes = {page: ['pager'], ticket: ['team']};
    const both = notifications({channels: [logLines('pager'), logLines('team')], routes});
    const desk = await opened(DeskProcess.start({notifications: both}));
    await desk.opens(drift);
    await desk.pass(MINUTE);
    await desk.opens(auc);
    await desk.pass(MINUTE);
    await desk.resolves(auc, drift);
    await desk.pass(HOUR);
    const {deliveries} = await desk.desk.get('late.1');
    expect(deliveries.map(({channel, event}) => `${event} ${channel}`).toSorted()).toEqual([
      'opened team',
      'resolved pager',
      'resolved team',
      'updated pager',
    ]);
  });
});

describe('a silence', () => {
  const request = {matches: {model: 'late', kind: 'perf*'}, for: '2h', reason: 'a migration'};

  test('keeps an incident quiet, and it is told when the silence ends', async () => {
    const desk = await opened(DeskProcess.start({notifications: log}));
    const {id} = await desk.desk.silence({...request, kind: 'maintenance'}, 'ada', desk.now);
    await desk.opens(auc);
    await desk.pass(HOUR);
    expect(desk.lines).toEqual([]);
    expect((await desk.desk.list())[0]).toMatchObject({silencedBy: id, resolvedAt: null});
    await desk.pass(HOUR + MINUTE);
    expect(told(desk)).toEqual(['incident opened late.1']);
    const [incident] = await desk.desk.list();
    expect(incident!.silencedBy).toBeNull();
    expect(incident!.timeline.map(({message}) => message)).toEqual([
      'Page: performance of auc',
      'Silenced by ada until 2026-04-01 16:00 UTC: a migration',
      'No longer silenced.',
    ]);
  });

  test('says nothing of what came and went under it, and does not hide what it does not match', async () => {
    const desk = await opened(DeskProcess.start({notifications: log}));
    await desk.desk.silence(request, 'ada', desk.now);
    await desk.opens(auc);
    await desk.pass(HOUR);
    await desk.resolves(auc);
    await desk.opens(alertOf('latency', 'p99', desk.now));
    await desk.pass(3 * HOUR, MINUTE);
    expect(told(desk)).toEqual(['incident opened late.2']);
  });

  test('holds back the end of what was told before it; ending it early tells', async () => {
    const desk = await opened(DeskProcess.start({notifications: log}));
    await desk.opens(auc);
    await desk.pass(MINUTE);
    const {id} = await desk.desk.silence(request, 'ada', desk.now);
    await desk.pass(MINUTE);
    await desk.resolves(auc);
    await desk.pass(HOUR);
    expect(told(desk)).toEqual(['incident opened late.1']);
    await desk.desk.unsilence(id, desk.now);
    await desk.pass(MINUTE);
    expect(told(desk)).toEqual(['incident opened late.1', 'incident resolved late.1']);
    expect((await desk.desk.silences())[0]!.to).toBe(desk.now - MINUTE);
    await expect(desk.desk.unsilence('x', desk.now)).rejects.toMatchObject({code: 'RECORD_NOT_FOUND'});
  });

  test.each<[unknown, string[]]>([
    [undefined, ['', 'reason', 'matches', 'to']],
    [{...request, matches: {}}, ['matches']],
    [{...request, matches: {models: 'late', kind: 7}}, ['matches.models', 'matches.kind']],
    [{...request, for: '2 weeks'}, ['to']],
    [{...request, to: START + HOUR}, ['to']],
    [{...request, for: undefined, to: START}, ['to']],
    [{...request, for: '400d'}, ['to']],
    [{...request, from: 'soon'}, ['from']],
    [{...request, reason: ' ', kind: 'x', until: 1}, ['until', 'kind', 'reason']],
  ])('%j is refused, with all that is wrong', async (given, paths) => {
    const desk = await opened(DeskProcess.start({notifications: log}));
    const error = await desk.desk.silence(given, 'ada', START).catch((reason: unknown) => reason);
    expect(error).toMatchObject({code: 'REQUEST_INVALID'});
    expect((error as {problems: {path: string}[]}).problems.map(({path}) => path)).toEqual(paths);
  });
});

describe('nothing is lost', () => {
  const channels = [
    oncall,
    slack('team', {url: {env: 'TEAM_URL'}}),
    mail('post', {server: {env: 'SMTP_URL'}, from: 'a@example.com', to: 'b@example.com'}),
  ];

  test('while a webhook and a mail server cannot be reached: retried, shown, and delivered when they are back', async () => {
    const team = await opened(startReceiver());
    const [web, post] = [await startReceiver(), await startMailServer()];
    await web.close();
    await post.close();
    const environment = {
      ONCALL_URL: `${web.url}/s3cret`,
      TEAM_URL: team.url,
      SMTP_URL: `smtp://ada:s3cret@127.0.0.1:${post.port}`,
    };
    const desk = await opened(DeskProcess.start({notifications: notifications({channels}), environment}));
    await desk.opens(auc);
    await desk.pass(2 * MINUTE, 1_000);
    expect(team.received).toHaveLength(1);
    const waiting = await desk.desk.deliveries({state: 'waiting'});
    expect(waiting.map(({channel}) => channel).toSorted()).toEqual(['oncall', 'post']);
    for (const {problem, attempts, nextAt} of waiting) {
      expect(problem).toMatch(/^Channel '(oncall|post)' cannot (be reached|reach its mail server) \(\w+\)\.$/);
      expect(attempts).toBeGreaterThanOrEqual(6);
      expect(nextAt).toBeGreaterThan(desk.now);
    }
    const back = await opened(startReceiver(undefined, web.port));
    const postBack = await opened(startMailServer({port: post.port}));
    await desk.pass(5 * MINUTE);
    expect(JSON.parse(back.received[0]!.text)).toMatchObject({status: 'firing', receiver: 'oncall'});
    expect(back.received).toHaveLength(1);
    expect(postBack.mails).toHaveLength(1);
    expect(await desk.desk.deliveries({state: 'waiting'})).toEqual([]);
    const kept = (await desk.stored('delivery')) + (await desk.stored('incident'));
    expect(kept).not.toContain('s3cret');
  });

  test('by kill -9 at any moment: after the alert, after the incident, after the delivery was noted', async () => {
    const first = await startReceiver();
    await first.close();
    const environment = {ONCALL_URL: first.url};
    const given = {notifications: notifications({channels: [oncall]}), environment};
    const desk = await opened(DeskProcess.start(given));
    await desk.save(auc);
    await desk.again();
    expect((await desk.desk.list()).map(({id, alerts}) => [id, alerts])).toEqual([['late.1', [auc.id]]]);
    await desk.again();
    await desk.pass(MINUTE);
    const [delivery] = await desk.desk.deliveries({state: 'waiting'});
    await desk.again();
    const back = await opened(startReceiver(undefined, first.port));
    await desk.pass(5 * MINUTE);
    expect(back.received.map(({headers}) => headers['x-millrace-delivery'])).toEqual([delivery!.id]);
    await desk.save({...auc, resolvedAt: desk.now});
    await desk.again();
    await desk.pass(10 * MINUTE);
    expect(back.received.map(({text}) => JSON.parse(text).status)).toEqual(['firing', 'resolved']);
    expect(await desk.desk.list({state: 'open'})).toEqual([]);
    expect((await desk.desk.list()).map(({id}) => id)).toEqual(['late.1']);
  });

  test('by kill -9 while a message is being sent: it is sent again, as the same', async () => {
    let times = 0;
    const server = await opened(startReceiver(response => (++times === 1 ? undefined : void response.end())));
    const given = {notifications: notifications({channels: [oncall]}), environment: {ONCALL_URL: server.url}};
    const desk = await opened(DeskProcess.start(given));
    await desk.opens(auc);
    desk.clock.advanceTo(desk.now + MINUTE);
    await desk.desk.tick(desk.now);
    while (times === 0) await new Promise(resolve => setTimeout(resolve, 5));
    await desk.again();
    await desk.pass(MINUTE);
    const ids = server.received.map(({headers}) => headers['x-millrace-delivery']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(await desk.desk.deliveries()).toMatchObject([{state: 'delivered', attempts: 1}]);
  });

  test('after three days it is given up, and said so', async () => {
    const gone = await startReceiver();
    await gone.close();
    const given = {notifications: notifications({channels: [oncall]}), environment: {ONCALL_URL: gone.url}};
    const desk = await opened(DeskProcess.start(given));
    await desk.opens(drift);
    await desk.pass(3 * DAY + 2 * HOUR, 10 * MINUTE);
    const [delivery] = await desk.desk.deliveries();
    expect(delivery).toMatchObject({state: 'failed', nextAt: null, deliveredAt: null});
    expect(delivery!.attempts).toBeLessThan(120);
    const {incident} = await desk.desk.get('late.1');
    expect(incident.timeline.at(-1)!.message).toBe(
      "Channel oncall was not told: Channel 'oncall' cannot be reached (ECONNREFUSED).",
    );
  });

  test('after a week without a process it is tried once more, and does not wait for ever', async () => {
    const desk = await opened(DeskProcess.start({notifications: notifications({channels: [oncall]})}));
    await desk.opens(auc);
    await desk.pass(MINUTE);
    desk.clock.advanceTo(desk.now + 7 * DAY);
    await desk.again();
    await desk.pass(MINUTE);
    const states = (await desk.desk.deliveries()).map(({state, createdAt}) => [state, createdAt < START + HOUR]);
    expect(states).toContainEqual(['failed', true]);
    expect(states).not.toContainEqual(['waiting', true]);
  });

  test('what happens while a channel is away goes into one message', async () => {
    const gone = await startReceiver();
    await gone.close();
    const given = {notifications: notifications({channels: [oncall]}), environment: {ONCALL_URL: gone.url}};
    const desk = await opened(DeskProcess.start(given));
    await desk.opens(drift);
    await desk.pass(MINUTE);
    await desk.opens(auc);
    await desk.pass(HOUR, MINUTE);
    await desk.resolves(auc, drift);
    await desk.pass(HOUR, MINUTE);
    const back = await opened(startReceiver(undefined, gone.port));
    await desk.pass(2 * HOUR, MINUTE);
    expect(back.received.map(({text}) => JSON.parse(text).status)).toEqual(['resolved']);
  });
});

describe('channels', () => {
  test('that hang do not keep others back, nor whoever ticks', async () => {
    const hanging = await opened(startReceiver(() => {}));
    const fine = await opened(startReceiver());
    const channels = [oncall, slack('team', {url: {env: 'TEAM_URL'}})];
    const environment = {ONCALL_URL: hanging.url, TEAM_URL: fine.url};
    const desk = await opened(
      DeskProcess.start({notifications: notifications({channels}), environment, timeoutMs: 500}),
    );
    await desk.opens(auc);
    desk.clock.advanceTo(desk.now + MINUTE);
    const began = performance.now();
    await desk.desk.tick(desk.now);
    await desk.desk.tick(desk.now);
    expect(performance.now() - began).toBeLessThan(250);
    while (fine.received.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    expect(performance.now() - began).toBeLessThan(500);
    await desk.desk.settled();
    expect(hanging.received).toHaveLength(1);
  });

  test('get at most so much of a storm in an hour, pages first; the rest waits', async () => {
    const fine = await opened(startReceiver());
    const given = {notifications: notifications({channels: [oncall]}), environment: {ONCALL_URL: fine.url}};
    const desk = await opened(DeskProcess.start(given));
    for (let n = 0; n < MOST_AN_HOUR + 20; n++) {
      const alert = alertOf(n < MOST_AN_HOUR + 10 ? 'latency' : 'performance', 'it', START);
      const model = `m${n}`;
      await desk.desk.take({model, opened: [{...alert, model, id: `${model}:it`}]}, START);
    }
    await desk.pass(10 * MINUTE, MINUTE);
    const sent = () => fine.received.map(({text}) => JSON.parse(text).commonLabels.severity);
    expect(sent()).toHaveLength(MOST_AN_HOUR);
    expect(sent().slice(0, 10)).toEqual(Array(10).fill('page'));
    expect(await desk.desk.deliveries({state: 'waiting'})).toHaveLength(20);
    await desk.pass(HOUR, MINUTE);
    expect(sent()).toHaveLength(MOST_AN_HOUR + 20);
  });

  test('are tested, once, and it is kept what came of it', async () => {
    const desk = await opened(DeskProcess.start({notifications: notifications({channels: [logLines(), oncall]})}));
    expect(await desk.desk.testChannel('log')).toMatchObject({event: 'test', state: 'delivered', problem: null});
    expect(await desk.desk.testChannel('oncall')).toMatchObject({
      state: 'failed',
      nextAt: null,
      problem: "Channel 'oncall' needs the environment variable ONCALL_URL, which is not set.",
    });
    expect(await desk.desk.deliveries()).toHaveLength(2);
    await expect(desk.desk.testChannel('onkall')).rejects.toMatchObject({
      code: 'NAME_UNKNOWN',
      fix: 'Name one of log, oncall; did you mean oncall?',
    });
  });

  test('that the project no longer has are not waited for', async () => {
    const gone = await startReceiver();
    await gone.close();
    const given = {notifications: notifications({channels: [oncall]}), environment: {ONCALL_URL: gone.url}};
    const desk = await opened(DeskProcess.start(given));
    await desk.opens(auc);
    await desk.pass(MINUTE);
    Object.assign(given, {notifications: log});
    await desk.again();
    await desk.pass(MINUTE);
    expect((await desk.desk.deliveries()).map(({state, problem}) => [state, problem])).toEqual([
      ['failed', "There is no channel 'oncall' any more."],
    ]);
  });
});

test('incidents are judged, also long after they were over, and that is the precision of alerts', async () => {
  const desk = await opened(DeskProcess.start({notifications: log}));
  await desk.opens(auc);
  await desk.resolves(auc);
  await desk.pass(3 * HOUR, MINUTE);
  await desk.desk.judge('late.1', 'noise', 'ada', desk.now);
  expect(await desk.desk.precision()).toMatchObject([{model: 'late', incidents: 1, noise: 1, precision: {value: 0}}]);
  await expect(desk.desk.judge('late.9', 'noise', 'ada', 0)).rejects.toMatchObject({code: 'RECORD_NOT_FOUND'});
});

test('whoever opens and resolves alerts, the desk follows what is open', async () => {
  const desk = await opened(DeskProcess.start({notifications: log}));
  const follow = async (...open: (typeof auc)[]) => {
    await desk.save(...open);
    await desk.desk.follow({model: 'late', open, windows: []}, desk.now);
  };
  await follow(auc, drift);
  await follow(auc, drift);
  await follow({...auc, severity: 'ticket'});
  await desk.pass(MINUTE);
  await follow();
  await desk.pass(HOUR);
  const [incident] = await desk.desk.list();
  expect(incident!.timeline.map(({message}) => message)).toEqual([
    'Page: performance of auc',
    'Ticket: prediction-drift of prediction',
    'Now a ticket: performance of auc',
    'Resolved: prediction-drift of prediction',
    'Resolved: performance of auc',
    'Resolved.',
  ]);
  expect(told(desk)).toEqual(['incident opened late.1', 'incident resolved late.1']);
});
