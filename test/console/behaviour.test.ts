import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type FixtureServer, startFixture} from '../../console/test/fixture-server.ts';
import {launch, missing, NARROW, openPage} from './chromium.ts';

describe.skipIf(missing !== null)(`the console${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  let browser: Browser;
  let server: FixtureServer;
  let page: Page;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), startFixture()]);
    ({page} = await openPage(browser));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const title = (name: string) => page.getByRole('heading', {level: 1, name, exact: true});
  const show = async (path: string, name: string) => {
    await page.goto(server.url + path);
    await title(name).waitFor();
  };

  it('goes from place to place, down a table and into a row by keys alone', async () => {
    await show('/', 'flights');
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await title('late').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await title('late v2').waitFor();
    await page.goBack();
    await title('late').waitFor();
  });

  it('finds a feature by part of its name and opens it with Enter', async () => {
    await show('/monitoring', 'Monitoring');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('mean delay 1h');
    await page.getByRole('option', {name: 'origin_mean_delay_1h'}).waitFor();
    await page.keyboard.press('Enter');
    await title('origin_mean_delay_1h').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('no such thing');
    await page.getByText('Nothing is called').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({state: 'detached'});
  });

  it('lists its keys when asked', async () => {
    await show('/', 'flights');
    await page.keyboard.press('?');
    await page.getByRole('dialog', {name: 'Keys'}).getByText('Next and previous row').waitFor();
    await page.keyboard.press('Escape');
  });

  it('keeps the time range and the order of a table in the address', async () => {
    await show('/monitoring', 'Monitoring');
    await page.getByLabel('Time range').selectOption('7d');
    await page.getByText('7 windows, one cursor').waitFor();
    const table = page.getByRole('table', {name: 'Windows'});
    await table.getByRole('button', {name: 'Predictions', exact: true}).click();
    await expect.poll(() => page.url()).toContain('windows.sort=-predictions');
    const address = page.url();
    expect(address).toContain('range=7d');
    await page.goto(address);
    await page.getByText('7 windows, one cursor').waitFor();
    await page.getByRole('link', {name: 'Features', exact: true}).click();
    await title('Features').waitFor();
    expect(page.url()).toContain('range=7d');
    await page.goBack();
    await page.getByText('7 windows, one cursor').waitFor();
  });

  it('narrows all charts to what was brushed on one of them', async () => {
    await show('/monitoring', 'Monitoring');
    const chart = page.locator('.u-over').first();
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart is not on the page');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40, {steps: 4});
    await page.mouse.up();
    await page.getByText(/^2[2-5] windows, one cursor/).waitFor();
  });

  it('draws only the rows of a long table that are near, and reaches the others by scrolling', async () => {
    await show('/serving', 'Serving');
    const table = page.locator('[data-rows="predictions"]');
    expect(await table.locator('tbody tr[data-index]').count()).toBeLessThan(80);
    await table.evaluate((element: {scrollTop: number; scrollHeight: number}) => {
      element.scrollTop = element.scrollHeight;
    });
    await table.locator('tr[data-index="199"]').waitFor();
  });

  it('keeps what was typed when a prediction is refused, and shows it when it is given', async () => {
    await show('/serving', 'Serving');
    const field = page.getByLabel('Keys and request fields');
    expect(Object.keys(JSON.parse(await field.inputValue()))).toEqual(['origin', 'destination', 'distance']);
    await field.fill('{"destination": "ORD"}');
    await page.getByRole('button', {name: 'Predict', exact: true}).click();
    await page.getByText('instances[0].origin is missing').waitFor();
    await page.getByRole('alert').getByText('Give a string.').waitFor();
    expect(await field.inputValue()).toBe('{"destination": "ORD"}');
    await field.fill('{"origin": ');
    await page.getByRole('button', {name: 'Predict', exact: true}).click();
    await page.getByText('This is not JSON').waitFor();
    await field.fill('{"origin": "ATL"}');
    await page.getByRole('button', {name: 'Predict', exact: true}).click();
    await page.getByText('by v2, champion').waitFor();
  });

  it('shows live values as they come, says when they stop, and recovers', async () => {
    await show('/', 'flights');
    await page.locator('.figure', {hasText: 'Predictions'}).getByText('1.48').waitFor();
    server.tick({predictions: 2_220_000});
    await page.locator('.figure', {hasText: 'Predictions'}).getByText('2.22').waitFor();
    server.breakLive(true);
    await page.getByText('Live values have stopped.').waitFor();
    server.breakLive(false);
    await page.getByText('Live values have stopped.').waitFor({state: 'detached'});
  });

  it('switches the theme and remembers it', async () => {
    const dark = await openPage(browser, NARROW);
    await dark.page.goto(server.url);
    const background = () => dark.page.evaluate('getComputedStyle(document.body).backgroundColor');
    const before = await background();
    await dark.page.getByRole('button', {name: 'Switch to the light theme'}).click();
    await expect.poll(background).toBe('rgb(255, 255, 255)');
    expect(before).not.toBe('rgb(255, 255, 255)');
    await dark.page.reload();
    expect(await background()).toBe('rgb(255, 255, 255)');
    await dark.page.context().close();
  });

  it('opens from the loop the part of a page that a figure was computed from', async () => {
    await show('/?range=7d', 'flights');
    await page.locator('.loop .node', {hasText: 'Gates'}).click();
    await title('late v3').waitFor();
    expect(page.url()).toContain('/models/late/3?range=7d#gates');
    const top = () =>
      page
        .locator('#gates')
        .evaluate((section: {getBoundingClientRect(): {top: number}}) => section.getBoundingClientRect().top);
    await expect.poll(top).toBeLessThan(300);
  });

  it('lists findings that are in order as one line a check, and each when asked', async () => {
    await show('/models/late/2', 'late v2');
    await page.getByText('own-or-future-event: 14 features').click();
    await page.locator('.finding .all', {hasText: 'origin_late_share_24h'}).waitFor();
  });

  it('says so where an address leads nowhere', async () => {
    await show('/features/no_such_feature', 'Not found');
    await page.goto(`${server.url}/models/late/99`);
    await page.getByRole('alert').getByText("There is no version 99 of 'late'.").waitFor();
  });
});

describe.skipIf(missing !== null)(`the console of a project${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  let browser: Browser;
  const servers: FixtureServer[] = [];
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(servers.map(server => server.close()));
  });

  it('that has not run teaches on every page the command that fills it', async () => {
    const server = await startFixture({scenario: 'empty'});
    servers.push(server);
    const {page, complaints} = await openPage(browser);
    const commands = {
      '/': 'quickstart',
      '/data': 'ingest',
      '/features': 'features',
      '/models': 'train',
      '/serving': 'deploy',
      '/monitoring': 'monitor',
      '/experiments': 'retrain',
    };
    for (const [path, command] of Object.entries(commands)) {
      await page.goto(server.url + path);
      await page.getByText(`npx millrace ${command}`, {exact: true}).waitFor();
      await page.getByRole('button', {name: 'Copy', exact: true}).waitFor();
    }
    expect(complaints).toEqual([]);
  });

  it('that serves its first day shows one window without labels, and no verdict on quality', async () => {
    const server = await startFixture({scenario: 'young'});
    servers.push(server);
    const {page, complaints} = await openPage(browser);
    await page.goto(server.url);
    await page.getByText('AUC: no window here has mature labels yet').waitFor();
    await page.getByText('1 window', {exact: true}).first().waitFor();
    const waiting = page.locator('tr', {hasText: 'consistency'});
    expect(await waiting.locator('td').allTextContents()).toEqual(['consistency', 'waiting', '–', '–', '–', '–']);
    expect(complaints).toEqual([]);
  });

  it('whose server fails says what happened, what to do, and tries again when asked', async () => {
    const server = await startFixture({scenario: 'failing'});
    servers.push(server);
    const {page} = await openPage(browser);
    await page.goto(`${server.url}/features`);
    const alert = page.getByRole('alert');
    await alert.getByText('The metadata store is locked by another process.').waitFor();
    await alert.getByText('Stop the other millrace process, or wait until it is done.').waitFor();
    const again = page.waitForResponse('**/api/features');
    await alert.getByRole('button', {name: 'Try again'}).click();
    expect((await again).status()).toBe(503);
    await page.getByRole('heading', {level: 1, name: 'Features'}).waitFor();
  });
});
