import {createHmac} from 'node:crypto';
import {afterEach, describe, expect, test} from 'vitest';
import {MillraceError} from '../../protocol/index.ts';
import {type ChannelDefinition, logLines, mail, slack, webhook} from '../incidents/channel-definition.ts';
import {alertOf, MINUTE, START} from '../incidents/incidents.fixture.ts';
import {startMailServer} from './contract/mail-server.ts';
import {noticeOf} from './contract/notices.ts';
import {startReceiver} from './contract/receiver.ts';
import {openChannel} from './open-channel.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
async function opened<T extends {close(): Promise<void>}>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  closing.push(() => started.close());
  return started;
}

const open = (definition: ChannelDefinition, environment: Record<string, string>, timeoutMs = 2_000) =>
  openChannel(definition, {environment, timeoutMs, write: () => {}});

async function failureOf(sending: Promise<void>): Promise<MillraceError> {
  const error = await sending.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof MillraceError) return error;
  throw new Error(`it did not fail as it should: ${error}`);
}

describe('the webhook', () => {
  const definition = webhook('oncall', {url: {env: 'URL'}, secret: {env: 'SECRET'}});

  test('sends what Alertmanager sends, signed', async () => {
    const {url, received} = await opened(startReceiver());
    await open(definition, {URL: `${url}/hook?team=1`, SECRET: 'k'}).send(noticeOf());
    const [{path, headers, text}] = received as [(typeof received)[0]];
    expect(path).toBe('/hook?team=1');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-millrace-delivery': 'd1',
      'x-millrace-signature': `sha256=${createHmac('sha256', 'k').update(text).digest('hex')}`,
    });
    const link = 'https://millrace.example/monitoring?incident=late.1';
    const labels = {model: 'late', incident: 'late.1', cause: 'source:weather', owner: 'dispatch'};
    const annotations = {
      title: 'performance of auc',
      description: 'performance of auc is bad.',
      runbook_url: 'https://wiki.example/late',
    };
    const alert = {
      status: 'firing',
      startsAt: '2026-04-01T14:05:00.000Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: link,
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    };
    expect(JSON.parse(text)).toEqual({
      version: '4',
      groupKey: '{}:{model="late", incident="late.1"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'oncall',
      groupLabels: {model: 'late', incident: 'late.1'},
      commonLabels: labels,
      commonAnnotations: annotations,
      externalURL: link,
      alerts: [
        {
          ...alert,
          labels: {...labels, alertname: 'performance', severity: 'page', subject: 'auc'},
          annotations: {...annotations, summary: 'performance of auc', message: 'performance of auc is bad.'},
        },
        {
          ...alert,
          labels: {...labels, alertname: 'drift', severity: 'ticket', subject: 'rain'},
          annotations: {...annotations, summary: 'drift of rain', message: 'drift of rain is bad.'},
        },
      ],
    });
  });

  test('tells of the end with the fingerprints of the beginning, and of many alerts in part', async () => {
    const {url, received} = await opened(startReceiver());
    const channel = open(webhook('oncall', {url: {env: 'URL'}}), {URL: url});
    await channel.send(noticeOf());
    await channel.send(noticeOf({resolvedAt: START + 9 * MINUTE}, 'resolved'));
    const many = Array.from({length: 70}, (_, n) => alertOf('drift', 'rain', {}, n));
    await channel.send({...noticeOf(), alerts: many});
    const [first, last, third] = received.map(({text}) => JSON.parse(text));
    expect(last).toMatchObject({
      status: 'resolved',
      alerts: [{status: 'resolved', endsAt: '2026-04-01T14:14:00.000Z'}, {status: 'resolved'}],
    });
    const prints = (payload: {alerts: {fingerprint: string}[]}) => payload.alerts.map(({fingerprint}) => fingerprint);
    expect(prints(last)).toEqual(prints(first));
    expect([third.alerts.length, third.truncatedAlerts]).toEqual([50, 20]);
    expect(received[0]!.headers).not.toHaveProperty('x-millrace-signature');
  });

  test('logs in with the credentials of the address', async () => {
    const {url, received} = await opened(startReceiver());
    await open(webhook('oncall', {url: {env: 'URL'}}), {URL: url.replace('//', '//ada:p%40ss@')}).send(noticeOf());
    expect(received[0]!.headers.authorization).toBe(`Basic ${btoa('ada:p@ss')}`);
  });

  test('hides what a receiver repeats of the query and the login, as it is written and as it is meant', async () => {
    const {url} = await opened(
      startReceiver((response, {path, headers}) => {
        const {searchParams} = new URL(path, 'http://receiver');
        const login = atob(headers.authorization!.split(' ')[1]!);
        response.writeHead(403).end(`token ${searchParams.get('token')} of ${login} is wrong: ${path}`);
      }),
    );
    const URL_ = `${url.replace('//', '//grace:p%25ss%20word@')}/hook?token=s3cret%2Ftoken&for=ops-team`;
    const {message} = await failureOf(open(webhook('oncall', {url: {env: 'URL'}}), {URL: URL_}).send(noticeOf()));
    expect(message).toBe("Channel 'oncall' answered 403: token *** of ***:*** is wrong: ******.");
  });

  test('fails with what is wrong, without a word of the address or the secret', async () => {
    const other = await opened(startReceiver());
    const {url} = await opened(
      startReceiver((response, {path}) => {
        const [, status = '500'] = path.split('/').slice(1);
        response.writeHead(Number(status), {location: other.url}).end(`no such hook: ${path}\n\u0007`);
      }),
    );
    const secret = 's3cret-token';
    const closed = await startReceiver();
    await closed.close();
    const send = (URL: string) => failureOf(open(definition, {URL, SECRET: 'h1dden-key'}).send(noticeOf()));
    const errors = [
      await send(`${url}/${secret}/404`),
      await send(`${url}/${secret}/302`),
      await send(`${closed.url}/${secret}`),
      await send(`ftp://ada:${secret}@host/`),
      await send(secret),
      await send(''),
    ];
    expect(errors.map(({message}) => message)).toEqual([
      "Channel 'oncall' answered 404: no such hook: ***.",
      "Channel 'oncall' answered 302: redirects are not followed.",
      "Channel 'oncall' cannot be reached (ECONNREFUSED).",
      "Channel 'oncall' cannot use what URL holds: it is no such address.",
      "Channel 'oncall' cannot use what URL holds: it is no such address.",
      "Channel 'oncall' needs the environment variable URL, which is not set.",
    ]);
    for (const error of errors) {
      expect(error.code).toBe('CHANNEL_UNAVAILABLE');
      expect(JSON.stringify(error) + String(error.cause)).not.toMatch(/s3cret|h1dden|127\.0/);
    }
    expect(other.received).toEqual([]);
  });

  test('gives up a server that hangs, and one that never ends its answer', async () => {
    const hanging = await opened(startReceiver(() => {}));
    const send = (url: string) => open(webhook('a', {url: {env: 'URL'}}), {URL: url}, 200).send(noticeOf());
    expect((await failureOf(send(hanging.url))).message).toBe("Channel 'a' did not answer within 0.2 s.");
    const slow = await opened(startReceiver(response => void response.writeHead(200).write('x')));
    expect((await failureOf(send(slow.url))).message).toBe("Channel 'a' did not answer within 0.2 s.");
    let sent = 0;
    const endless = await opened(
      startReceiver(response => {
        const timer = setInterval(() => response.write('x'.repeat(++sent && 1_000)), 1);
        response.on('close', () => clearInterval(timer));
      }),
    );
    await send(endless.url);
    expect(sent).toBeLessThan(200);
  });
});

describe('Slack', () => {
  test('gets blocks and a text, in which nobody can be mentioned', async () => {
    const {url, received} = await opened(startReceiver());
    const channel = open(slack('team', {url: {env: 'URL'}}), {URL: url});
    await channel.send(noticeOf({title: 'late: <!channel> & more', summary: `${'&'.repeat(4_000)}`}));
    const message = JSON.parse(received[0]!.text);
    expect(message.text).toBe('[page] late: &lt;!channel&gt; &amp; more');
    expect(message.blocks).toMatchObject([
      {type: 'header', text: {type: 'plain_text', text: '[page] late: <!channel> & more'}},
      {type: 'section', text: {type: 'mrkdwn', text: expect.stringMatching(/^(&amp;)+…$/)}},
      {
        type: 'context',
        elements: [
          {
            type: 'mrkdwn',
            text: [
              'Since 2026-04-01 14:05 UTC',
              'Owner: dispatch',
              'What to do: https://wiki.example/late',
              'Look at it: https://millrace.example/monitoring?incident=late.1',
              'millrace incidents late.1',
              '2026-04-01 14:06 UTC  Page: performance of auc',
            ].join('\n'),
          },
        ],
      },
    ]);
    expect(message.blocks[1].text.text.length).toBeLessThanOrEqual(3_000);
  });
});

describe('mail', () => {
  const definition = mail('post', {
    server: {env: 'SMTP_URL'},
    from: 'millrace@example.com',
    to: ['ops@example.com', 'b@c.d'],
  });

  test('goes to all through a real server, one thread for an incident', async () => {
    const server = await opened(startMailServer());
    const channel = open(definition, {SMTP_URL: `smtp://ada:p%40ss@127.0.0.1:${server.port}`});
    await channel.send(noticeOf({title: 'late: AUC\r\nBcc: evil@example.com', summary: 'It is bad.\n.\nVery.'}));
    const [{from, to, text, login}] = server.mails as [(typeof server.mails)[0]];
    expect({from, to, login}).toEqual({
      from: 'millrace@example.com',
      to: ['ops@example.com', 'b@c.d'],
      login: 'ada:p@ss',
    });
    const [head, body] = text.split('\n\n') as [string, string];
    expect(head).toContain('Subject: [page] late: AUC Bcc: evil@example.com');
    expect(head).not.toMatch(/^Bcc/m);
    expect(head).toContain('Message-ID: <d1@millrace>');
    expect(head).toContain('References: <late.1@millrace>');
    expect(body).toContain('It is bad.\n.\nVery.');
    expect(text).toContain('What to do: https://wiki.example/late');
  });

  test.each<[what: string, answers: Record<string, string | null>, url: string, message: string]>([
    ['refused', {'.': '550 no, s3cret'}, 'smtp://127.0.0.1', 'was refused by its mail server with 550'],
    ['no login', {AUTH: '535 wrong s3cret'}, 'smtp://ada:s3cret@127.0.0.1', 'could not log in to its mail server'],
    ['silence', {greeting: null}, 'smtp://127.0.0.1', 'did not take a mail within 0.3 s'],
    ['no end', {'.': null}, 'smtp://127.0.0.1', 'did not take a mail within 0.3 s'],
  ])('fails with what is wrong: %s', async (_, answers, url, message) => {
    const server = await opened(startMailServer({answers}));
    const error = await failureOf(open(definition, {SMTP_URL: `${url}:${server.port}`}, 300).send(noticeOf()));
    expect(error.message).toBe(`Channel 'post' ${message}.`);
    expect(JSON.stringify(error) + String(error.cause)).not.toContain('s3cret');
  });

  test('fails where no server is', async () => {
    const server = await startMailServer();
    await server.close();
    const error = await failureOf(open(definition, {SMTP_URL: `smtp://127.0.0.1:${server.port}`}).send(noticeOf()));
    expect(error.message).toMatch(/^Channel 'post' cannot reach its mail server \(E\w+\)\.$/);
  });
});

test('the log gets a line of JSON', async () => {
  const lines: string[] = [];
  const channel = openChannel(logLines(), {environment: {}, write: line => lines.push(line)});
  await channel.send(noticeOf({summary: 'two\nlines'}));
  expect(lines[0]).not.toContain('\n');
  expect(JSON.parse(lines[0]!)).toMatchObject({
    msg: 'incident opened',
    incident: 'late.1',
    severity: 'page',
    cause: 'source:weather',
    since: '2026-04-01T14:05:00.000Z',
    resolvedAt: null,
  });
});
