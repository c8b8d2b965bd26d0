import type {Page} from 'playwright-core';
import {describe, expect, it} from 'vitest';
import {missing, NARROW, overflow, violations} from './chromium.ts';
import {fixturePages} from './fixture-pages.ts';

const plain = (text: string | null) => (text ?? '').replace(/[\u00a0\u2009\u202f]/g, ' ');
const NONE = missing === null ? '' : ` (not run: ${missing})`;

describe.skipIf(missing !== null)(`serving in the console${NONE}`, () => {
  const open = fixturePages();
  const region = (page: Page, name: string) => page.getByRole('region', {name});
  const words = async (page: Page, name: string) => plain(await region(page, name).textContent());
  const predict = async (page: Page, origin: string) => {
    await page.getByLabel('Keys and request fields').fill(`{"origin": "${origin}"}`);
    await page.getByRole('button', {name: 'Predict', exact: true}).click();
  };

  describe('how it answers', () => {
    it('shows each level with its share, its breaker, and why it was passed over', async () => {
      const {page} = await open('/serving');
      const levels = region(page, 'How it answers').locator('.chain > li');
      await levels.first().waitFor();
      const texts = (await levels.allInnerTexts()).map(plain);
      expect(texts.map(text => text.split('\n')[0])).toEqual([
        'given before',
        'model',
        'simpler without live features',
        'airport history',
        'last',
        'value',
      ]);
      expect(texts[1]).toMatch(/breaker closed\s+95 % 1\.40 M\s+passed over 3 245 times\s+features missing\s+2 190/);
      expect(texts[4]).toMatch(/needs no breaker\s+0 % 0\s+passed over 13 times\s+nothing stored/);
      expect(await page.getByText('not in the log').count()).toBe(0);
    });

    it('says in the verdict that a breaker is open and who answers in place of the model', async () => {
      const {page} = await open('/serving', 'troubled');
      const verdict = page.locator('.verdict');
      await expect
        .poll(async () => plain(await verdict.textContent()))
        .toMatch(
          /^bad: .*The breaker of the model is open.*1 204 predictions are not in the log.*6\.3 % of the answers came from below/,
        );
      const text = await words(page, 'How it answers');
      expect(text).toContain('1 204 not logged');
      expect(text).toContain('without weather is lacking');
      expect(text).toContain('breaker half open');
      expect(text).toContain('by region with 44 answers');
      expect(await violations(page)).toEqual([]);
      await page.setViewportSize(NARROW);
      await expect.poll(() => overflow(page)).toBe(0);
    });
  });

  describe('the newest predictions', () => {
    it('name the level where it is not the model, and inputs that training never saw', async () => {
      const {page} = await open('/serving');
      const rows = page.locator('[data-rows="predictions"] tbody tr');
      await rows.first().waitFor();
      const texts = (await rows.allInnerTexts()).slice(0, 5).map(plain);
      expect(texts[0]).toContain('\tmodel\t');
      expect(texts[1]).toContain('simpler without live features');
      expect(texts[3]).toMatch(/µs\s+distance\s/);
      expect(texts[4]).toContain('abstained 0.481');
      expect(await rows.nth(1).locator('svg.meaning-watch').count()).toBe(1);
    });
  });

  describe('a prediction by hand', () => {
    it('shows what each feature added, with a sum, and how fresh each view is', async () => {
      const {page} = await open('/serving');
      await predict(page, 'ATL');
      await page.getByText('The model answered.').waitFor();
      const text = await words(page, 'Try a prediction');
      expect(text).toContain('−1.482 is the base, the features added +0.211, the sum is −1.271');
      expect(text).toContain('4 more added');
      expect(text).toContain('origin4 min before');
      expect(text).toContain('routenone is known');
      const bars = await page.locator('.contributions li').allInnerTexts();
      expect(bars.slice(0, 3).map(bar => bar.replaceAll('\n', ' ').replace(/\s+/g, ' '))).toEqual([
        'origin_late_share_2h +0.312',
        'hour +0.184',
        'destination_late_share_2h −0.141',
      ]);
      expect(await violations(page)).toEqual([]);
    });

    it('says why the levels above were passed over, and what was outside', async () => {
      const {page} = await open('/serving');
      await predict(page, 'NEW');
      await page.getByText('Answered by level airport history.').waitFor();
      const text = await words(page, 'Try a prediction');
      expect(text).toContain('model was passed over, features missing: 5 of 8 features are missing.');
      expect(text).toContain('simpler without live features was passed over, failed: The artifact is damaged.');
      expect(text).toContain('Outside what training saw: origin.');
      expect(text).toContain('there is nothing to explain');
    });

    it('says that people are asked where the model abstained', async () => {
      const {page} = await open('/serving');
      await predict(page, 'UNSURE');
      await page.getByText('People are asked').waitFor();
      expect(await words(page, 'Try a prediction')).toContain('it leans to 0.512');
      await page.getByRole('link', {name: 'reviews', exact: true}).click();
      await page.getByRole('heading', {level: 1, name: 'Reviews'}).waitFor();
    });
  });

  describe('imported models', () => {
    it('are chosen like others, in an address that other pages do not take for theirs', async () => {
      const {page} = await open('/serving');
      await page.locator('.model-choice select').selectOption('captions');
      await page.getByText('The imported model captions does not answer. There is no file').waitFor();
      expect(new URL(page.url()).search).toBe('?imported=captions');
      await page.getByRole('link', {name: 'Models', exact: true}).click();
      await page.getByRole('heading', {level: 1, name: 'late'}).waitFor();
      await page.goBack();
      await page.locator('.model-choice select').selectOption('late');
      await page.getByText('v2 answers everything').waitFor();
    });

    it('are loaded again after saying what that does, and what it left in the audit log', async () => {
      const {page} = await open('/serving?imported=fraud_net');
      await page.getByRole('button', {name: 'Load again…'}).click();
      const question = page.getByRole('alertdialog', {name: 'Load fraud_net again'});
      await question.getByText('If the file cannot be loaded, v3 stays.').waitFor();
      expect(
        await question.evaluate(
          (element: unknown) =>
            element === (globalThis as {document?: {activeElement?: unknown}}).document?.activeElement,
        ),
      ).toBe(true);
      expect(await violations(page)).toEqual([]);
      await question.getByRole('button', {name: 'Cancel'}).click();
      await question.waitFor({state: 'detached'});
      await page.getByRole('button', {name: 'Load again…'}).click();
      await question.getByRole('button', {name: 'Load fraud_net again'}).click();
      await page.getByText('Loaded: v4 answers.').waitFor();
      await page.getByText('model.load fraud_net (done)').waitFor();
    });

    it('that cannot be loaded say why, and nothing else changes', async () => {
      const {page} = await open('/serving?imported=captions');
      await page.getByRole('button', {name: 'Load again…'}).click();
      await page.getByRole('button', {name: 'Load captions again'}).click();
      await page.getByRole('alert').getByText("'captions' was not loaded: there is no file").waitFor();
      await page.getByRole('alert').getByText('Other models answer as before.').waitFor();
      expect(await page.getByLabel('The columns of one instance').count()).toBe(0);
    });
  });

  describe('deploys', () => {
    it('say what will happen, ask once, and show their line in the audit log', async () => {
      const {page} = await open('/serving');
      await page.getByRole('button', {name: 'Roll back to v1…'}).click();
      const question = page.getByRole('alertdialog', {name: 'Roll back to v1'});
      const text = async () => plain(await question.textContent());
      await expect.poll(text).toContain('Now v2 answers everything. From the next request on it is v1');
      expect(await text()).toMatch(/v1: AUC 0\.741 \[0\.737, 0\.746\] on 243 k rows of its test split/);
      expect(await text()).toContain('v2: AUC 0.749');
      expect(await violations(page)).toEqual([]);
      await question.getByLabel('Reason').fill('Too many complaints.');
      await question.getByRole('button', {name: 'Roll back to v1'}).click();
      await page.getByText('v1 answers everything since').waitFor();
      await page.getByText('version.deploy late v1, “Too many complaints.” (done)').waitFor();
      await page.getByText('revision 8, since').waitFor();
    });

    it('show why the server refuses one, and keep what was typed', async () => {
      const {page} = await open('/serving');
      await page.getByRole('button', {name: 'Deploy v3…'}).click();
      await page.getByText('v3 was rejected in its rollout').waitFor();
      await page.getByLabel('Reason').fill('Try it.');
      await page.getByRole('button', {name: 'Deploy v3', exact: true}).click();
      await page.getByRole('alert').getByText('Version 4 is being rolled out as shadow.').waitFor();
      expect(await page.getByLabel('Reason').inputValue()).toBe('Try it.');
    });

    it('wait while a rollout runs, and say so', async () => {
      const {page} = await open('/serving', 'troubled');
      await page.getByText('v3 is being rolled out as shadow: deploys wait').waitFor();
      expect(await page.getByRole('button', {name: 'Roll back to v1…'}).isDisabled()).toBe(true);
    });
  });

  describe('reviews', () => {
    const rows = (page: Page, table: 'open' | 'decided') => page.locator(`[data-rows="${table}"] tbody tr`);

    it('are reached from the figure of Serving and decided by keys alone, the next one having the focus', async () => {
      const {page, complaints} = await open('/serving');
      await page.getByRole('link', {name: 'Waiting for people'}).click();
      await page.getByLabel('Your name').fill('Ada');
      await page.getByRole('heading', {level: 1}).click();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('1');
      await page.getByText('5 predictions of late wait').waitFor();
      await expect.poll(() => rows(page, 'decided').first().innerText()).toMatch(/^late\tAda\t/);
      await expect
        .poll(() => page.evaluate("document.activeElement?.closest('tr')?.textContent ?? ''"))
        .toContain('DFW');
      await page.keyboard.press('k');
      await page.keyboard.press('0');
      await page.getByText('4 predictions of late wait').waitFor();
      await expect.poll(() => rows(page, 'decided').count()).toBe(6);
      expect(await rows(page, 'open').count()).toBe(4);
      await page.reload();
      expect(await page.getByLabel('Your name').inputValue()).toBe('Ada');
      expect(complaints).toEqual([]);
    });

    it('that somebody else decided first are given back as that person decided', async () => {
      const {page} = await open('/serving/reviews');
      await page.getByRole('button', {name: '0 not late: unsure-8'}).click();
      const alert = page.getByRole('alert');
      await alert.getByText("'unsure-8' was decided by Grace: 1.").waitFor();
      await alert.getByText('Your decision (not late) was not kept').waitFor();
      await expect.poll(() => rows(page, 'decided').first().innerText()).toMatch(/^late\tGrace\t/);
      expect(await rows(page, 'open').count()).toBe(5);
      expect(await violations(page)).toEqual([]);
    });

    it('teach how to ask people where no model does', async () => {
      const {page} = await open('/serving/reviews', 'young');
      await page.getByText('servingPolicy({abstain: {below: 0.6}})').waitFor();
      await page.getByText('Nothing of late waits for people.').waitFor();
    });
  });
});
