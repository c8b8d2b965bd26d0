// The values panel over a real server on the couriers' project: what is asked, what is answered, and what goes wrong.
import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {NOW, type SmallPlatform, smallPlatform} from '../../src/server/testing/small-platform.ts';
import {launch, missing, NARROW, openPage, overflow, violations} from './chromium.ts';

const MINUTE = 60_000;
const plain = (text: string | null) => (text ?? '').replace(/[\u00a0\u2009\u202f]/g, ' ');

describe.skipIf(missing !== null)(`values in the console${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  let browser: Browser;
  let small: SmallPlatform;
  let page: Page;
  beforeAll(async () => {
    [browser, small] = await Promise.all([launch(), smallPlatform()]);
    ({page} = await openPage(browser));
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await small?.close();
  });

  const panel = () => page.getByRole('region', {name: 'Values'});
  const open = (path: string) => page.goto(`${small.server.url}${path}`);
  const deliver = (orderId: string, delay: number | null, minutesAgo: number) =>
    fetch(`${small.server.url}/v1/events/deliveries`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({
        events: [
          {
            orderId,
            kitchen: 'quay',
            delay,
            deliveredAt: new Date(small.clock.now() - minutesAgo * MINUTE).toISOString(),
          },
        ],
      }),
    });

  it('says that the server is not ready, keeps what was typed, and answers when it is', async () => {
    await open('/features/late_1h');
    await panel().getByText('Type kitchen and press Enter').waitFor();
    await panel().getByLabel('kitchen').fill('quay');
    await panel().getByLabel('kitchen').press('Enter');
    await panel().getByRole('alert').getByText('NOT_READY').waitFor();
    expect(await panel().getByLabel('kitchen').inputValue()).toBe('quay');
    await small.open();
    await panel().getByRole('button', {name: 'Try again'}).click();
    await panel().getByText('no event of it is kept', {exact: false}).waitFor();
    await panel().getByText('No event in the window').waitFor();
  });

  it('shows the value, how fresh it is, and the events behind it, newest first', async () => {
    await deliver('q1', 20, 50);
    await deliver('q2', null, 30);
    await deliver('q3', 4, 20);
    await deliver('q4', 30, 3);
    await panel().getByRole('button', {name: 'Ask'}).click();
    await expect
      .poll(async () => plain(await panel().locator('.big-number').textContent()))
      .toBe('0.6670.6666666666666666');
    const words = plain(await panel().textContent());
    expect(words).toContain('share(delay > 10) over 1h of deliveries');
    expect(words).toContain('Latest event 3 min before; the live state is 0 events behind.');
    expect(words).toContain('The same value, recomputed for the same moment.');
    expect(words).toContain('4 events in the window, 1 gave nothing');
    expect(words).toContain('from 5 Jan, 11:00:00 to the query at 5 Jan, 12:00:00 UTC');
    const rows = await panel().locator('[data-rows="behind"] tbody tr').allInnerTexts();
    expect(rows.map(row => row.split('\t').at(-1))).toEqual(['q4', 'q3', 'q2', 'q1']);
    expect(plain(rows[0] ?? '')).toMatch(/^5 Jan, 11:57:00 3 min before\ttrue\t3 min\t/);
    expect(await panel().locator('svg line[stroke="var(--accent)"]').count()).toBe(3);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize(NARROW);
    await expect.poll(() => overflow(page)).toBe(0);
    await page.setViewportSize({width: 1280, height: 900});
  });

  it('has the question in its address: it can be sent, and back shows the one before', async () => {
    const sent = new URL(page.url());
    expect(sent.search).toBe('?key.kitchen=quay');
    await panel().getByLabel('As of').fill('2024-01-05T11:15Z');
    await panel().getByLabel('As of').press('Enter');
    // What had arrived by then: all four came at noon.
    await panel().getByText('No event in the window').waitFor();
    expect(new URL(page.url()).searchParams.get('at')).toBe('2024-01-05T11:15Z');
    await page.goBack();
    await panel().getByText('4 events in the window').waitFor();
    expect(await panel().getByLabel('As of').inputValue()).toBe('');
    await page.reload();
    await panel().getByText('4 events in the window').waitFor();
  });

  it('keeps what was typed when the request is refused, and marks where', async () => {
    await panel().getByLabel('As of').fill('yesterday');
    await panel().getByLabel('As of').press('Enter');
    await panel().getByText('Give an ISO 8601 time with its zone').waitFor();
    expect(await panel().getByLabel('As of').inputValue()).toBe('yesterday');
    expect(await panel().getByLabel('As of').getAttribute('aria-invalid')).toBe('true');
    await open('/features/km?key.distance=far');
    await panel().getByText('Give a finite number.').waitFor();
    expect(await panel().getByLabel('distance').inputValue()).toBe('far');
    await open('/features/late_1h?key.kitchen=quay&set=atOrdr');
    await panel().getByText('Did you mean atOrder?').waitFor();
    await panel().getByText('FEATURE_UNKNOWN', {exact: false}).waitFor();
  });

  it('shows what a derived feature was computed from', async () => {
    await open('/features/km?key.distance=2.5');
    await expect.poll(async () => plain(await panel().textContent())).toContain('distance of the request2.5');
    await open('/features/hour');
    await expect.poll(async () => plain(await panel().textContent())).toContain('time of the query5 Jan, 12:00:00');
    await panel().locator('.big-number', {hasText: '14'}).waitFor();
  });

  it('offers a moment with events where the entity was quiet since', async () => {
    small.clock.advanceTo(NOW + 5 * 60 * MINUTE);
    await open('/features/out_1h?key.kitchen=quay');
    await panel().getByText('Latest event 5 h 3 min before', {exact: false}).waitFor();
    await panel().getByRole('link', {name: 'Ask as of when the window held it'}).click();
    await panel().getByText('3 events in the window').waitFor();
    expect(await panel().getByLabel('As of').inputValue()).toBe('2024-01-05T12:27:00.000Z');
  });
});
