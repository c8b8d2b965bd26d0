import {describe, expect, it} from 'vitest';
import {FIXTURE_TOKEN} from '../../console/test/fixture-access.ts';
import {missing, NARROW, overflow, violations} from './chromium.ts';
import {fixturePages} from './fixture-pages.ts';

describe.skipIf(missing !== null)(`keys in the console${missing === null ? '' : ` (not run: ${missing})`}`, () => {
  const open = fixturePages();

  it('makes a key, shows its token once, and lists it', async () => {
    const {page, complaints} = await open('/admin');
    await page.getByLabel('Name').fill('nobody');
    await page.getByLabel('events push events').check();
    await page.getByRole('button', {name: 'Make key'}).click();
    await page.getByText('The name is nobody.', {exact: true}).waitFor();
    await page.getByLabel('Name').fill('thermometer');
    await page.getByLabel('predict ask models').uncheck();
    await page.locator('select[name=expires]').selectOption('in 90 days');
    await page.getByLabel('Requests a second').fill('5');
    await page.getByRole('button', {name: 'Make key'}).click();
    await page.getByText(FIXTURE_TOKEN).waitFor();
    const row = page.locator('[data-rows="keys"] tbody tr', {hasText: 'thermometer'});
    await expect.poll(() => row.innerText()).toMatch(/in force\s+events\s+all\s+5\/s, 5 at once\s+never/);
    await page.getByRole('button', {name: 'I have it'}).click();
    await expect.poll(() => page.getByText(FIXTURE_TOKEN).count()).toBe(0);
    expect(await page.content()).not.toContain(FIXTURE_TOKEN);
    expect(await page.evaluate('JSON.stringify([{...sessionStorage}, {...localStorage}])')).not.toContain('mrk_');
    // What the server refuses is a 400, which the browser mentions.
    expect(complaints.filter(text => !text.includes('400'))).toEqual([]);
  });

  it('says before a key is revoked what will happen, and asks once', async () => {
    const {page} = await open('/admin');
    await page.getByRole('button', {name: 'Revoke checkout…'}).click();
    await page.getByText('Requests with the key checkout (predict, feedback) will be refused').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', {name: 'Cancel'}).click();
    expect(await page.getByText('will be refused').count()).toBe(0);
    await page.getByRole('button', {name: 'Revoke checkout…'}).click();
    await page.getByRole('button', {name: 'Revoke checkout', exact: true}).click();
    const row = page.locator('[data-rows="keys"] tbody tr', {hasText: 'checkout'});
    await expect.poll(() => row.innerText()).toContain('revoked');
    await page.getByText('1 key is in force').waitFor();
  });

  it('reads the audit log page by page', async () => {
    const {page} = await open('/admin');
    const count = () => page.getByRole('table', {name: 'Audit log'}).getAttribute('aria-rowcount');
    await expect.poll(count).toBe('51');
    await page.getByRole('button', {name: 'Older changes'}).click();
    await expect.poll(count).toBe('101');
    await page.getByRole('button', {name: 'Older changes'}).click();
    await expect.poll(count).toBe('121');
    expect(await page.getByRole('button', {name: 'Older changes'}).count()).toBe(0);
  });

  it('goes on with the first key, which closes the door behind it', async () => {
    const {page} = await open('/admin', 'empty');
    await page.getByText('everyone who can reach this server may do everything').waitFor();
    await page.getByText('millrace keys create ops --scope admin').waitFor();
    await page.getByLabel('Name').fill('ops');
    await page.getByRole('button', {name: 'Make key'}).click();
    await page.getByText('this tab goes on with this one').waitFor();
    await page.getByText('Requests need a key; 1 key is in force.').waitFor();
    expect(await page.evaluate("sessionStorage.getItem('millrace.key')")).toBe(FIXTURE_TOKEN);
  });

  it('asks for a key where the server wants one, tries it, and keeps it for this tab alone', async () => {
    const {page} = await open('/models', 'locked');
    const title = (name: string) => page.getByRole('heading', {level: 1, name});
    await title('Sign in').waitFor();
    await page.getByText('The request has no key.').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize(NARROW);
    await expect.poll(() => overflow(page)).toBe(0);
    await page.getByLabel('API key').fill('mrk_wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The key is not one of this server.').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await page.getByLabel('API key').fill(` ${FIXTURE_TOKEN} `);
    await page.keyboard.press('Enter');
    await title('late').waitFor();
    await page.reload();
    await title('late').waitFor();
    expect(await page.getByText('Live values have stopped').count()).toBe(0);
    expect(await page.evaluate('localStorage.length')).toBe(0);
    await page.setViewportSize({width: 1280, height: 900});
    await page.getByRole('link', {name: 'Admin', exact: true}).click();
    await page.getByRole('button', {name: 'Sign out'}).click();
    await title('Sign in').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });
});
