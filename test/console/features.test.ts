import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type FixtureServer, startFixture} from '../../console/test/fixture-server.ts';
import {launch, missing, openPage} from './chromium.ts';

describe.skipIf(missing !== null)(
  `the catalogue in the console${missing === null ? '' : ` (not run: ${missing})`}`,
  () => {
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
    const rows = () => page.locator('[data-rows="features"] tbody tr').count();

    it('finds features by words and facets, and keeps both in the address', async () => {
      await page.goto(`${server.url}/features`);
      const field = page.getByRole('searchbox', {name: 'Search features'});
      await field.fill('late share');
      await expect.poll(rows).toBe(4);
      await page.getByRole('combobox', {name: 'View'}).selectOption('origin');
      await expect.poll(rows).toBe(2);
      expect(await field.inputValue()).toBe('late share view:origin');
      expect(new URL(page.url()).searchParams.get('q')).toBe('late share view:origin');
      await page.reload();
      await expect.poll(rows).toBe(2);
      await page.getByRole('button', {name: 'Clear'}).click();
      await expect.poll(rows).toBe(15);
      await page.getByRole('combobox', {name: 'Use'}).selectOption('unused');
      await expect.poll(rows).toBe(1);
    });

    it('says what is wrong with a filter, and what nothing fits', async () => {
      await page.goto(`${server.url}/features?q=${encodeURIComponent('onwer:me')}`);
      await page.getByText("There is no filter 'onwer:'. Did you mean owner:?").waitFor();
      await page.getByRole('searchbox').fill('no such feature');
      await page.getByText('No feature has all of this.').waitFor();
    });

    it('shows what changed and which versions nobody uses', async () => {
      await page.goto(`${server.url}/features`);
      await page.getByText('lateness of arrivals 24h → 48h').waitFor();
      await page.getByText('since 4 May 2001 UTC').waitFor();
      await page.goto(`${server.url}/features/origin_late_share_24h`);
      await page.getByText('kept for late v1').waitFor();
      await page.getByText('Retrain: late v2 was trained with v2; v3 is defined now.').waitFor();
    });

    it('is walked through by the arrow keys, from a column to the release', async () => {
      await page.goto(`${server.url}/features/origin_late_share_24h`);
      const graph = page.getByRole('region', {name: 'Lineage of origin_late_share_24h'});
      const focused = () => page.evaluate('document.activeElement?.querySelector(".amount")?.textContent');
      await graph.locator('[data-node="column:arrivals.delay"] > *').focus();
      for (const name of ['delay > 15', 'origin_late_share_24h', 'atDeparture']) {
        await page.keyboard.press('ArrowRight');
        expect(await focused()).toBe(name);
      }
      await page.keyboard.press('ArrowLeft');
      expect(await focused()).toBe('origin_late_share_24h');
      await graph.locator('[data-node="version:2"] > *').focus();
      expect(await graph.locator('.far').allTextContents()).toEqual([
        expect.stringContaining('late-3'),
        expect.stringContaining('late-1'),
        expect.stringContaining('late v3'),
        expect.stringContaining('late v1'),
      ]);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', {level: 1, name: 'late v2'}).waitFor();
    });

    it('asks for a value by way of the set that was chosen, with the fields of that set', async () => {
      await page.goto(`${server.url}/features/destination_count_2h`);
      const panel = page.getByRole('region', {name: 'Values'});
      await panel.getByLabel('destination').waitFor();
      await panel.getByLabel('Feature set').selectOption('atLanding');
      await panel.getByLabel('airport').fill('ORD');
      await panel.getByLabel('airport').press('Enter');
      await panel.getByText('40 events in the window, 4 gave nothing').waitFor();
      expect(new URL(page.url()).search).toBe('?set=atLanding&key.airport=ORD');
      await panel.getByText('POST /v1/features/atLanding/read and /why').waitFor();
    });

    it('leads from a derived value to the same question about what it was computed from', async () => {
      await page.goto(`${server.url}/features/weekday?key.origin=ATL`);
      const panel = page.getByRole('region', {name: 'Values'});
      await panel.getByRole('link', {name: 'hour'}).click();
      await page.getByRole('heading', {level: 1, name: 'hour'}).waitFor();
      expect(new URL(page.url()).searchParams.get('key.origin')).toBe('ATL');
      await panel.getByText('origin of the request').waitFor();
    });

    it('says so when the log gives another value than what is served', async () => {
      await page.goto(`${server.url}/features/origin_mean_delay_1h?key.origin=ATL`);
      const panel = page.getByRole('region', {name: 'Values'});
      await panel.getByText('12.5 for the same moment: not what is served.').waitFor();
      await panel.getByRole('link', {name: 'Consistency'}).waitFor();
    });

    it('marks who reads personal data', async () => {
      await page.goto(`${server.url}/features/distance`);
      const graph = page.getByRole('region', {name: 'Lineage of distance'});
      await graph.locator('[data-node="release"]').getByText('personal').waitFor();
      await page.getByText('personal: data about a person').waitFor();
    });
  },
);
