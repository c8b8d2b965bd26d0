// Serving over a real server: the careful project, whose model falls back, abstains and answers beforehand.
import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {deploy, NOW, type SmallPlatform, smallPlatform} from '../../src/server/testing/small-platform.ts';
import {launch, missing, openPage} from './chromium.ts';

const plain = (text: string | null) => (text ?? '').replace(/[\u00a0\u2009\u202f]/g, ' ');

describe.skipIf(missing !== null)(
  `serving as a server has it${missing === null ? '' : ` (not run: ${missing})`}`,
  () => {
    let browser: Browser;
    let small: SmallPlatform;
    let page: Page;
    let complaints: string[];
    beforeAll(async () => {
      [browser, small] = await Promise.all([launch(), smallPlatform('careful')]);
      await deploy(small);
      await deploy(small);
      await small.open();
      ({page, complaints} = await openPage(browser));
    }, 30_000);
    afterAll(async () => {
      await browser?.close();
      await small?.close();
    });

    const send = async (path: string, body: object) => {
      const headers = {'content-type': 'application/json'};
      const sent = await fetch(`${small.server.url}${path}`, {method: 'POST', headers, body: JSON.stringify(body)});
      expect(sent.status).toBe(200);
    };
    const predict = async (instance: object) => {
      await page.getByLabel('Keys and request fields').fill(JSON.stringify(instance));
      await page.getByRole('button', {name: 'Predict', exact: true}).click();
    };
    const answer = async () => plain(await page.locator('.answer').textContent());

    it('explains an answer of the model, and says which level answered for a kitchen that nobody knows', async () => {
      await send('/v1/events/deliveries', {
        events: [{orderId: 'fresh', kitchen: 'k3', delay: 3, deliveredAt: new Date(NOW - 3 * 60_000).toISOString()}],
      });
      await page.goto(`${small.server.url}/serving`);
      await predict({kitchen: 'k3', distance: 9});
      await page.getByText('The model answered.').waitFor();
      expect(await answer()).toMatch(/is the base, the features added [+−]\d/);
      expect(await answer()).toContain('recent3 min before');
      await predict({kitchen: 'never seen', distance: 3});
      await page.getByText('Answered by level simpler by distance.').waitFor();
      expect(await answer()).toMatch(/model was passed over, features missing: \d of \d features are missing/);
      await page.reload();
      const names = page.locator('.chain > li .name');
      await expect.poll(() => names.allInnerTexts()).toEqual(['model', 'simpler by distance', 'rule', 'last', 'value']);
      await page.getByText('50 % of the answers came from below the model.').waitFor();
      await page.getByText('nothing was looked up yet').or(page.getByText('of 2 lookups')).waitFor();
    });

    it('lets people decide what the model is too unsure of', async () => {
      const instances = Array.from({length: 200}, (_, i) => ({kitchen: 'k1', distance: i / 20, id: `unsure ${i}`}));
      await send('/v1/models/punctuality/predict', {instances});
      await page.goto(`${small.server.url}/serving/reviews`);
      const rows = page.locator('[data-rows="open"] tbody tr[data-index]');
      await rows.first().waitFor();
      const before = Number(await page.locator('[data-rows="open"] table').getAttribute('aria-rowcount'));
      await page.keyboard.press('j');
      await page.keyboard.press('1');
      const decided = page.locator('[data-rows="decided"] tbody tr');
      await expect.poll(() => decided.first().innerText()).toMatch(/^late\tsomebody\t/);
      await expect
        .poll(() => page.locator('[data-rows="open"] table').getAttribute('aria-rowcount'))
        .toBe(`${before - 1}`);
    });

    it('goes back to the version before, and finds that in the audit log', async () => {
      await page.goto(`${small.server.url}/serving`);
      await page.getByRole('button', {name: 'Roll back to v1…'}).click();
      await page.getByText('Now v2 answers everything.').waitFor();
      await page.getByRole('button', {name: 'Roll back to v1', exact: true}).click();
      await page.getByText('v1 answers everything since').waitFor();
      await page.getByText('version.deploy punctuality v1').waitFor();
      await page.getByRole('button', {name: 'Close'}).click();
      await page.getByRole('button', {name: 'Deploy v2…'}).waitFor();
    });

    it('may load models again from its own pages', async () => {
      const load = "fetch('/v2/repository/models/punctuality/load', {method: 'POST'}).then(answer => answer.status)";
      expect(await page.evaluate(load)).toBe(200);
      expect(complaints).toEqual([]);
    });
  },
);
