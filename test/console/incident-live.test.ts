// Over a real server: requests change, windows close, an alert opens, and three clicks lead to what it comes from.
import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {deploy, type SmallPlatform, smallPlatform} from '../../src/server/testing/small-platform.ts';
import {launch, missing, openPage} from './chromium.ts';

const HOUR = 3_600_000;
const verdictOf = (page: Page) => page.locator('.verdict').textContent();
const title = (page: Page, name: string | RegExp) => page.getByRole('heading', {level: 1, name});

describe.skipIf(missing !== null)(`an incident of a server${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  let browser: Browser;
  let small: SmallPlatform;
  beforeAll(async () => {
    [browser, small] = await Promise.all([launch(), smallPlatform()]);
    await deploy(small);
    await small.open();
    // Four days of requests: from the second on every meal goes much further than any did in the training data.
    for (let part = 0; part < 16; part++) {
      await predict(part, part < 4 ? 0 : 25);
      small.clock.advanceTo(small.clock.now() + 6 * HOUR);
      await small.host.platform!.tick();
    }
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await small?.close();
  });

  const predict = async (part: number, further: number) => {
    const instances = Array.from({length: 150}, (_, i) => ({
      id: `${part}-${i}`,
      kitchen: `k${i % 8}`,
      distance: further + (i % 80) / 10,
    }));
    const sent = await fetch(`${small.server.url}/v1/models/punctuality/predict`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({instances}),
    });
    expect(sent.status).toBe(200);
  };

  it('is opened from home, names the field that moved, and leads to the feature and to what callers send', async () => {
    const {page, complaints} = await openPage(browser);
    await page.goto(small.server.url);
    await expect.poll(() => verdictOf(page)).toMatch(/punctuality: .*\(what callers send\)/);
    await page.locator('.incidents a.title').first().click();
    await title(page, /^punctuality: .*\(what callers send\)$/).waitFor();
    await page.locator('[data-rows="features"]').getByRole('link', {name: 'km', exact: true}).click();
    await title(page, 'km').waitFor();
    await page.getByRole('region', {name: 'Lineage'}).getByText('distance').first().waitFor();
    await page.goBack();
    await page.getByRole('link', {name: 'what callers send'}).click();
    await title(page, 'Monitoring').waitFor();
    await page.getByRole('navigation', {name: 'Levels'}).locator('[aria-current]', {hasText: 'Inputs'}).waitFor();
    expect(complaints).toEqual([]);
  });

  it('is taken and silenced there, which the server keeps', async () => {
    const {page, complaints} = await openPage(browser);
    await page.goto(`${small.server.url}/monitoring`);
    await page.locator('.incidents a.title').first().click();
    await page.getByRole('button', {name: 'Acknowledge'}).click();
    await page.getByText('incident.acknowledge punctuality.').waitFor();
    await page.getByRole('button', {name: 'Silence…'}).click();
    await page.getByLabel('Reason').fill('A test of long ways');
    await page.getByRole('button', {name: 'Silence', exact: true}).click();
    await page.getByText('silence.create silence, “A test of long ways” (done)').waitFor();
    await small.host.platform!.tick();
    await page.reload();
    await page.getByText('Silenced: nobody is told.').waitFor();
    await page.goto(small.server.url);
    await expect.poll(() => verdictOf(page)).toMatch(/Healthy: .*1 open, silenced\./);
    const [silence] = await small.host.platform!.incidents.silences();
    expect(silence).toMatchObject({matches: {model: 'punctuality'}, reason: 'A test of long ways'});
    expect(complaints).toEqual([]);
  });
});
