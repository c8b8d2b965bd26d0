// Incidents, silences and channels in the console, in front of the product's own desk.
import type {Page} from 'playwright-core';
import {describe, expect, it} from 'vitest';
import {missing, NARROW, overflow, violations} from './chromium.ts';
import {fixturePages} from './fixture-pages.ts';

const plain = (text: string | null) => (text ?? '').replace(/[\u00a0\u2009\u202f]/g, ' ');
const BROKEN = 'late: nulls in origin_late_share_24h at most 5 %: broken (view origin)';
const RESOLVED = 'late: destination_late_share_2h drifts from its training set (view destination)';

describe.skipIf(missing !== null)(`incidents in the console${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  const open = fixturePages();
  const title = (page: Page, name: string) => page.getByRole('heading', {level: 1, name, exact: true});
  const main = async (page: Page) => plain(await page.locator('main').textContent());

  it('lead from an alert to the feature behind it, and to the place that it comes from, in three clicks', async () => {
    const {page, complaints} = await open('/');
    await page.getByRole('link', {name: BROKEN}).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await title(page, BROKEN).waitFor();
    await page.locator('[data-rows="features"]').getByRole('link', {name: 'origin_late_share_24h'}).click();
    await title(page, 'origin_late_share_24h').waitFor();
    await page.getByRole('region', {name: 'Lineage'}).getByText('arrivals').first().waitFor();
    await page.goBack();
    await page.getByRole('link', {name: 'view origin'}).click();
    await title(page, 'Features').waitFor();
    expect(page.url()).toContain('q=view%3Aorigin');
    expect(complaints).toEqual([]);
  });

  it('are found by the alerts that they are made of: by search, and by links of earlier releases', async () => {
    const {page} = await open('/monitoring?alert=late%3Aalert-6');
    await title(page, BROKEN).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('alert fewer than half');
    await page.getByRole('option', {name: 'Fewer than half of the usual'}).first().waitFor();
    await page.keyboard.press('Enter');
    await title(page, 'late: Fewer than half of the usual predictions (what callers send)').waitFor();
  });

  it('say how big they are, what is held back and why, and which channel was not told', async () => {
    const {page} = await open('/monitoring');
    await page.getByRole('link', {name: BROKEN}).click();
    await title(page, BROKEN).waitFor();
    for (const words of [
      'AUC −0.014 [−0.026, −0.002], estimated; in origin ATL, ORD, DFW, LAX and PHX.',
      'origin_late_share_24h0.1319.4 %−0.01869 %',
      'Follows from: nulls in origin_late_share_24h at most 5 %: broken',
      'waiting, 10 attempts',
      "Channel 'pager' cannot be reached (no connection).",
    ])
      await expect.poll(() => main(page)).toContain(words);
    await page.getByRole('button', {name: 'show: the distribution of origin_late_share_2h'}).click();
    await page.getByRole('heading', {level: 2, name: 'origin_late_share_2h', exact: true}).waitFor();
    expect(page.url()).toContain('feature=origin_late_share_2h');
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize(NARROW);
    await expect.poll(() => overflow(page)).toBe(0);
  });

  it('are taken and judged under a name, and each leaves a line of the audit log', async () => {
    const {page} = await open('/monitoring');
    const precision = page.locator('.figure', {hasText: 'Alert precision'});
    await expect.poll(async () => plain(await precision.textContent())).toContain('2 useful, 1 noise of 5');
    await page.getByRole('link', {name: BROKEN}).click();
    await page.getByPlaceholder('your name').fill('Grace');
    await page.getByRole('button', {name: 'Acknowledge'}).click();
    await page.getByText('Grace, incident.acknowledge').waitFor();
    await page.getByText('Grace works on it: a page is not repeated.').waitFor();
    await page.getByRole('button', {name: 'Useful'}).click();
    await page.getByText('Grace, incident.judge').waitFor();
    await page.getByText('Called useful by Grace.').waitFor();
    await page.getByRole('link', {name: 'Monitoring', exact: true}).last().click();
    await expect.poll(async () => plain(await precision.textContent())).toContain('3 useful, 1 noise of 5');
    await page.getByText('page, taken').waitFor();
  });

  it('are silenced until a time and for a reason, after it was said what that keeps quiet', async () => {
    const {page} = await open('/monitoring');
    await page.getByRole('link', {name: BROKEN}).click();
    await page.getByRole('button', {name: 'Silence…'}).click();
    const form = page.getByRole('form', {name: 'New silence'});
    await form.getByText('Nobody is told of model late, cause view:origin until 1 Jul 2001, 06:00 UTC.').waitFor();
    expect(await form.getByRole('listitem').allTextContents()).toEqual([BROKEN]);
    await form.getByLabel('Kind of alert').selectOption('latency');
    await form.getByText('None that is open matches now.').waitFor();
    await form.getByLabel('Kind of alert').selectOption('');
    await form.getByLabel('How long').selectOption({label: 'until a time …'});
    await form.getByRole('textbox', {name: 'Until UTC'}).fill('2001-06-30T12:00');
    await form.getByLabel('Reason').fill('The feed of arrivals is being mended');
    await form.getByRole('button', {name: 'Silence', exact: true}).click();
    await form.getByText('Its end is not after its start and now', {exact: false}).first().waitFor();
    expect(await form.getByLabel('Reason').inputValue()).toBe('The feed of arrivals is being mended');
    await form.getByRole('textbox', {name: 'Until UTC'}).fill('2001-07-02T12:00');
    await form.getByRole('button', {name: 'Silence', exact: true}).click();
    await page.getByText('silence.create silence, “The feed of arrivals is being mended”').waitFor();
    await page.getByText('Silenced: nobody is told.').waitFor();
    await page.getByRole('link', {name: 'Silenced: see by what'}).click();
    await title(page, 'Silences').waitFor();
    await page.getByText('2 silences are in force; 2 open incidents are kept quiet.').waitFor();
    const row = page.locator('[data-rows="silences"] tr', {hasText: 'The feed of arrivals'});
    await row.getByRole('button', {name: 'End…'}).click();
    await page.getByText('People are told of model late, cause view:origin again').waitFor();
    await page.getByRole('button', {name: 'End it now'}).click();
    await page.getByText('1 silence is in force; 1 open incident is kept quiet.').waitFor();
    await page.getByText('silence.end').waitFor();
  });

  it('reach people by channels, which can be tried', async () => {
    const {page} = await open('/monitoring/silences');
    const pager = page.locator('[data-rows="channels"] tr', {hasText: 'pager'});
    await pager.getByText('waiting').waitFor();
    await pager.getByRole('button', {name: 'Send a test'}).click();
    await page.getByText('The test message did not reach pager:').waitFor();
    await page.getByText('channel.test pager').waitFor();
  });

  it('of the past say so, and offer nothing but a judgement', async () => {
    const {page} = await open('/monitoring');
    await page.getByRole('link', {name: RESOLVED}).click();
    await page.getByText('Resolved after 4 d 6 h').waitFor();
    expect(await page.getByRole('button', {name: 'Acknowledge'}).count()).toBe(0);
    expect(await page.getByRole('button', {name: 'Silence…'}).count()).toBe(0);
    await page.getByRole('button', {name: 'Noise', pressed: true}).waitFor();
  });
});

describe.skipIf(missing !== null)(
  `monitoring in the console${missing === null ? '' : ` (not run: ${missing})`}`,
  () => {
    const open = fixturePages();
    const main = async (page: Page) => plain(await page.locator('main').textContent());

    it('keeps level, window and span in the address', async () => {
      const {page, complaints} = await open('/monitoring');
      const levels = page.getByRole('navigation', {name: 'Levels'});
      await levels.getByRole('link', {name: 'Features'}).click();
      const row = page.locator('[data-rows="drift"] tr', {hasText: 'origin_late_share_24h'});
      await row.getByText('severe drift').waitFor();
      expect(plain(await row.textContent())).toContain('1.8 % → 31 %');
      await page
        .locator('[data-rows="drift"] tr', {hasText: 'insufficient data'})
        .getByText('route_mean_delay_24h')
        .waitFor();
      await page.getByRole('link', {name: 'Cumulative'}).click();
      await page.getByText('predictions since 1 Apr 2001').waitFor();
      await page.getByLabel('Window', {exact: true}).selectOption({label: '29 Jun 2001'});
      await expect.poll(() => page.url()).toContain('window=');
      await page.getByRole('button', {name: 'The window after'}).click();
      await expect.poll(() => page.url()).not.toContain('window=');
      await page.goBack();
      await levels.getByRole('link', {name: 'Quality'}).click();
      await page.getByText('1 of 5 rules are broken').waitFor();
      expect(page.url()).toMatch(/level=quality&span=cumulative|span=cumulative.*level=quality/);
      await page.reload();
      await page.getByText('1 of 5 rules are broken').waitFor();
      expect(await page.getByLabel('Window', {exact: true}).locator('option:checked').textContent()).toBe(
        '29 Jun 2001',
      );
      expect(complaints).toEqual([]);
    });

    it('shows what was estimated beside what came, and the budget that is nearly spent', async () => {
      const {page} = await open('/monitoring?window=late%2F2001-06-29');
      const auc = page.locator('[data-rows="estimates"] tr', {hasText: 'AUC'}).first();
      await expect.poll(async () => plain(await auc.textContent())).toMatch(/0\.7\d\d \[0\.7\d\d, 0\.7\d\d\]0\.738/);
      await page.getByRole('link', {name: 'Software'}).click();
      const fast = page.locator('[data-rows="slos"] tr', {hasText: 'fast'});
      expect(plain(await fast.textContent())).toContain('2.4 %');
    });

    it('of a first day teaches how labels, objectives and channels come', async () => {
      const {page, complaints} = await open('/monitoring', 'young');
      await page.getByText('No labels have matured').waitFor();
      await page.getByText('Nothing has gone wrong for long enough to tell anybody.', {exact: false}).waitFor();
      await page.getByRole('link', {name: 'Software'}).click();
      await page.getByText('Nothing is promised').waitFor();
      await page.getByRole('link', {name: 'Silences and channels'}).click();
      await page.getByText('Nothing was ever silenced').waitFor();
      await page.getByText('Only the log is told').waitFor();
      expect(await main(page)).toContain("slack('team'");
      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });
  },
);
