import {randomBytes} from 'node:crypto';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {MillraceError} from '../protocol/index.ts';
import {AuditLog} from './audit-log.ts';
import {makeToken, tokenText} from './key-token.ts';
import {accessFixture, type Fixture, NOW} from './testing/keys-on-disk.ts';

let fixture: Fixture;
let audit: AuditLog;
let next = 0;
const open = () => new AuditLog(fixture.metadata, {clock: fixture.clock, newId: () => `id${next++}`});
beforeEach(async () => {
  fixture = await accessFixture();
  audit = open();
});
afterEach(() => fixture.close());

const deploy = (what: string) => ({who: 'user ada', action: 'version.deploy', what}) as const;

describe('the audit log', () => {
  test('keeps who did what to what, when and with what outcome', async () => {
    await audit.record({...deploy('late v2'), detail: {reason: 'better'}});
    expect(await audit.list()).toEqual({
      entries: [
        {
          id: expect.any(String),
          at: NOW,
          who: 'user ada',
          action: 'version.deploy',
          what: 'late v2',
          detail: {reason: 'better'},
          outcome: 'done',
        },
      ],
      next: null,
    });
  });

  test('is read newest first, page by page, without gap or repetition, also within one millisecond', async () => {
    const other = open();
    for (let i = 0; i < 60; i++) {
      if (i === 45) fixture.clock.advanceTo(NOW + 1);
      await (i % 3 === 0 ? other : audit).record(deploy(`late v${i}`));
    }
    const all = (await audit.list({limit: 100})).entries;
    expect(new Set(all.map(({what}) => what)).size).toBe(60);
    expect(all.every((entry, i) => i === 0 || entry.at <= all[i - 1]!.at)).toBe(true);
    for (const limit of [1, 7, 20, 59, 60]) {
      const read: string[] = [];
      for (let before: string | null | undefined; before !== null; ) {
        const page = await audit.list(before === undefined ? {limit} : {limit, before});
        read.push(...page.entries.map(({what}) => what));
        before = page.next;
      }
      expect(read, `pages of ${limit}`).toEqual(all.map(({what}) => what));
    }
    await expect(audit.list({before: 'nothing'})).rejects.toMatchObject({code: 'RECORD_NOT_FOUND'});
  });

  test('keeps what was tried and failed, and lets the failure through', async () => {
    const failing = () => Promise.reject(new MillraceError('STORE_BUSY', 'Busy.'));
    await expect(audit.during(deploy('late v2'), failing)).rejects.toThrow('Busy.');
    await expect(audit.during(deploy('late v3'), () => Promise.reject(new Error('oh')))).rejects.toThrow('oh');
    expect(
      await audit.during(
        deploy('late v4'),
        async () => 5,
        rows => ({rows}),
      ),
    ).toBe(5);
    expect((await audit.list()).entries.map(({what, outcome, detail}) => [what, outcome, detail])).toEqual([
      ['late v4', 'done', {rows: 5}],
      ['late v3', 'failed', {error: 'INTERNAL'}],
      ['late v2', 'failed', {error: 'STORE_BUSY'}],
    ]);
  });

  test('never keeps the secret of a key, even if somebody gives it as a reason', async () => {
    const token = makeToken(randomBytes);
    const entry = await audit.record({...deploy(tokenText(token)), detail: {reason: `for ${tokenText(token)}`}});
    expect(entry.detail).toEqual({reason: `for mrk_${token.id}_…`});
    expect(JSON.stringify(await fixture.metadata.list('audit'))).not.toContain(token.secret);
  });
});
