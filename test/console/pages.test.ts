import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {type FixtureServer, startFixture} from '../../console/test/fixture-server.ts';
import {launch, missing, NARROW, openPage, overflow, violations, WIDE} from './chromium.ts';

/** Each page, its title, and figures of the fixture that must stand on it. */
const PAGES: readonly [path: string, title: string, words: readonly string[]][] = [
  ['/', 'flights', ['5.99 M', '20.5 M', '2 open incidents', 'Stages of this run', 'live values']],
  ['/data', 'Data', ['2 998 114', '219', '-1116']],
  [
    '/data/arrivals',
    'arrivals',
    [
      '2 994 870 events',
      'delay between -60 and 1,000 minutes',
      'origin_mean_delay_1h',
      'stopped the last push',
      'after 14 failed attempts',
      '215 × delay between',
      '1 without events',
    ],
  ],
  ['/features', 'Features', ['share of rows with delay > 15 over 2h', '28 %', 'drift']],
  [
    '/features/origin_late_share_24h',
    'origin_late_share_24h',
    ['Values have moved away', 'Drifted in 21 of 91 windows', 'Type origin and press Enter', 'Asked for of late'],
  ],
  [
    '/features/route_late_share_24h?key.origin=ATL&key.destination=ORD',
    'route_late_share_24h',
    [
      '0.275',
      'Latest event 3 min before; the live state is 0 events behind.',
      '4 312 events in the window; of the newest 40, 4 gave nothing',
      'hatched: events that are not listed',
    ],
  ],
  ['/models', 'late', ['0.749 [0.745, 0.753]', 'rejected', '+0.0076 better']],
  ['/models/late/2', 'late v2', ["airport's historical rate", 'all 5 gates passed', '3.0 × 10⁻⁷', 'retrain-1']],
  [
    '/serving',
    'Serving',
    [
      'v2 answers everything',
      'revision 7',
      'Newest predictions',
      'v1 champion 90 %, v2 canary 10 %',
      '1 476 003 answers since the process began',
      'simpler without live features',
      '4.1 % of 1 476 003 lookups; 402 of the others were there and too old',
      '3 790 entries, 41 min old',
      'Below a confidence of 0.55 people decide.',
    ],
  ],
  [
    '/serving/reviews',
    'Reviews',
    ['6 predictions of late wait for people', 'not late', '1 Jul, 01:53:00', 'Grace', 'Does this flight arrive'],
  ],
  [
    '/serving?imported=fraud_net',
    'Serving',
    ['v3 of the imported model fraud_net answers.', 'READY', 'by ONNX Runtime', 'passed over 108 times', 'Load again…'],
  ],
  [
    '/monitoring',
    'Monitoring',
    [
      'late: AUC is below that of the test set',
      'labels not complete',
      '29 Jun 2001',
      'estimated 0.725',
      'Inputs moved',
    ],
  ],
  [
    '/monitoring?level=predictions',
    'Monitoring',
    ['Predictions look like those', '191 of 312 items shown', 'long tail'],
  ],
  [
    '/monitoring?level=features',
    'Monitoring',
    ['severe drift', '212 / 641', 'All features at once: drift', 'v1 to v2: 11 % moved'],
  ],
  ['/monitoring?level=quality', 'Monitoring', ['1 of 5 rules are broken', '31 %']],
  ['/monitoring?level=software', 'Monitoring', ['99.9 % availability over 30 d', 'requests without an answer']],
  ['/monitoring/silences', 'Silences', ['Half of the callers move to the new region', 'cannot be reached']],
  [
    '/monitoring/consistency',
    'Consistency',
    ['253 differ, in 2 features, sampled 10 % of keys', '1 of 24 runs found differences', '2.1 × 10⁻⁵', '4.25', 'Why'],
  ],
  ['/experiments', 'Experiments', ['1 promoted, 1 rejected', 'v3 is worse than v2 by more than the margin']],
  [
    '/experiments/retrain-1',
    'retrain-1',
    ['alert-1', 'promotion', 'v2 has a lower log loss than v1', '[−0.0057, −0.0019]', '1 h after it fired'],
  ],
  [
    '/admin',
    'Admin',
    [
      'Requests need a key; 2 keys are in force.',
      '200/s, 400 at once',
      'expired',
      'key ops (0000000000000001)',
      'reason change 120',
    ],
  ],
];

/** What another theme and another width can break. */
const LOOKS = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];

const plain = (text: string) => text.replace(/[\u00a0\u2009\u202f]/g, ' ');

describe.skipIf(missing !== null)(`the pages of the console${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  let browser: Browser;
  let server: FixtureServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), startFixture()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it.each(PAGES)(
    '%s shows its figures, fits a narrow dark screen, and nobody complains',
    async (path, title, words) => {
      const {page, complaints} = await openPage(browser, WIDE);
      await page.goto(server.url + path);
      await page.getByRole('heading', {level: 1, name: title, exact: true}).waitFor();
      const read = async () => plain((await page.locator('main').textContent()) ?? '');
      for (const word of words) await expect.poll(read).toContain(word);
      expect(await violations(page)).toEqual([]);

      await page.setViewportSize(NARROW);
      await page.emulateMedia({colorScheme: NARROW.theme});
      await expect.poll(() => overflow(page)).toBe(0);
      expect(await violations(page, LOOKS)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );
});
