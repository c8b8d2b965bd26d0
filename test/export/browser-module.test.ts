// An exported module in headless Chromium, under a content security policy that allows no code made from text: its
// answers against those of the server.

import {existsSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Browser, Page} from 'playwright-core';
import {chromium} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {browserPage, DEMO_SCRIPT} from '../../src/app/export/browser-page.ts';
import {moduleText} from '../../src/app/export/module-text.ts';
import {bundledRuntime, ROWS, type Served, served} from './exported.fixture.ts';

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium';
const missing = existsSync(PATH) ? null : `no Chromium at ${PATH}: install it or set CHROMIUM`;
if (missing) console.warn(`Exported modules are not tried in a browser: ${missing}`);

const POLICY = "default-src 'none'; script-src 'self'; connect-src 'none'";
const TYPES: Record<string, string> = {js: 'text/javascript', html: 'text/html', json: 'application/json'};

const CHECK = `import * as module from './model.js';
import worker from './worker.js';
window.module = module;
window.worker = worker;
window.differing = cases => cases.filter(({input, ...want}) => {
  const {prediction, level, outside, abstained} = module.answer(input);
  return JSON.stringify({prediction, level, outside, abstained}) !== JSON.stringify(want);
});
document.title = 'ready';
`;

describe.skipIf(missing)('in Chromium', () => {
  let browser: Browser;
  let server: Server;
  let origin = '';
  const files = new Map<string, string>();
  const given: Partial<Record<string, Served>> = {};
  const complaints: string[] = [];

  beforeAll(async () => {
    const runtime = bundledRuntime();
    for (const kind of ['trees', 'linear'] as const) {
      const one = await served(kind);
      given[kind] = one;
      files.set(`/${kind}/model.js`, moduleText(runtime, one.exported, 'A test.', false));
      files.set(`/${kind}/worker.js`, moduleText(runtime, one.exported, 'A test.', true));
      files.set(`/${kind}/check.js`, CHECK);
      files.set(`/${kind}/check.html`, '<!doctype html><title>…</title><script type="module" src="check.js"></script>');
      files.set(`/${kind}/index.html`, browserPage(kind));
      files.set(`/${kind}/demo.js`, DEMO_SCRIPT);
    }
    server = createServer((request, response) => {
      const file = files.get(request.url ?? '');
      response.setHeader('content-type', TYPES[(request.url ?? '').split('.').at(-1)!] ?? 'text/plain');
      response.setHeader('content-security-policy', POLICY);
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({executablePath: PATH, args: ['--no-sandbox', '--disable-gpu', '--no-first-run']});
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise(done => server?.close(done));
  });

  async function open(path: string): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', error => complaints.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
    });
    await page.goto(`${origin}${path}`);
    return page;
  }

  test.each(['trees', 'linear'])('a module of a %s model answers as the server does, to the bit', async kind => {
    const page = await open(`/${kind}/check.html`);
    await page.waitForFunction("document.title === 'ready'");
    const {cases} = given[kind]!;
    expect(cases).toHaveLength(ROWS);
    expect(await page.evaluate(`differing(${JSON.stringify(cases)})`)).toEqual([]);
    await page.close();
  });

  test('the handler of the edge target answers requests without anything of Node', async () => {
    const page = await open('/trees/check.html');
    await page.waitForFunction("document.title === 'ready'");
    const cases = given.trees!.cases.slice(0, 20);
    const body = JSON.stringify({instances: cases.map(({input}) => input)});
    const answer = (await page.evaluate(
      `worker.fetch(new Request('https://edge.example/', {method: 'POST', body: ${JSON.stringify(body)}})).then(r => r.json())`,
    )) as {predictions: {prediction: number}[]};
    expect(answer.predictions.map(({prediction}) => prediction)).toEqual(cases.map(({prediction}) => prediction));
    await page.close();
  });

  test('the page beside a module asks for its fields and shows what it answers', async () => {
    const page = await open('/trees/index.html');
    await page.fill('input >> nth=0', 'busy');
    for (const [name, text] of [
      ['shop', 's'],
      ['zone', 'UTC'],
      ['amount', '12.5'],
      ['express', 'true'],
    ] as const)
      await page.getByLabel(`${name} (`).first().fill(text);
    await page.click('button');
    expect(await page.textContent('output')).toMatch(/"prediction": 0\.\d+/);
    await page.getByLabel('zone (').fill('Nowhere');
    await page.click('button');
    expect(await page.textContent('output')).not.toMatch(/"prediction"/);
    await page.close();
    expect(complaints).toEqual([]);
  });
});
