import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type FixtureServer, startFixture} from '../../console/test/fixture-server.ts';
import {launch, missing, openPage} from './chromium.ts';

describe.skipIf(missing !== null)(`the page of a stream${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  let browser: Browser;
  let server: FixtureServer;
  beforeAll(async () => {
    browser = await launch();
    server = await startFixture();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const open = async (path: string) => {
    const {page} = await openPage(browser);
    await page.goto(`${server.url}${path}`);
    return page;
  };

  it('says before a replay what will happen, asks once, and then what came of it', async () => {
    const page = await open('/data/arrivals');
    await page.getByRole('button', {name: 'Replay…'}).click();
    await page.getByText('219 rows will be pushed to arrivals again').waitFor();
    await page.getByRole('button', {name: 'Cancel'}).click();
    expect(await page.getByText('219 rows will be pushed').count()).toBe(0);
    await page.getByRole('button', {name: 'Replay…'}).click();
    await page.getByRole('button', {name: 'Replay 219 rows'}).click();
    await page.getByText('4 rows got in, 1 there already, 214 refused again: these wait on.').waitFor();
  });

  it('calls a stop a stop, and puts what is wrong first', async () => {
    const page = await open('/data/arrivals');
    const rows = page.locator('[data-rows="checks"] tbody tr');
    await rows.first().waitFor();
    const texts = await rows.allInnerTexts();
    expect(texts.find(text => text.startsWith('time does not go backwards'))).toMatch(/stopped the last push/);
    expect(texts.slice(0, 2).every(text => /last push/.test(text))).toBe(true);
    expect(texts.find(text => text.startsWith('volume'))).toMatch(/warned before, fine now/);
    expect(texts.at(-1)).toMatch(/never fired/);
  });

  it('says so where nothing was refused, followed or archived', async () => {
    const page = await open('/data/departures');
    await page.getByText('Nothing waits.').waitFor();
    expect(await page.getByText('Followed source').count()).toBe(0);
  });
});
