import {randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {ApiKeyRequest} from '../protocol/index.ts';
import {openLibsql} from '../stores/libsql/index.ts';
import {ApiKeys} from './api-keys.ts';
import {parseToken} from './key-token.ts';
import {accessFixture, type Fixture, NOW} from './testing/keys-on-disk.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await accessFixture();
});
afterEach(() => fixture.close());

describe('API keys', () => {
  test('are listed with what they are for, newest first, and never with their secret or its hash', async () => {
    const {keys, clock} = fixture;
    const first = await keys.create({name: 'checkout', scopes: ['predict', 'feedback'], models: ['late']}, 'user ada');
    clock.advanceTo(NOW + 5);
    await keys.create(
      {name: 'ops', scopes: ['admin'], expiresAt: NOW + 1_000, rate: {perSecond: 2, burst: 4}},
      'user ada',
    );
    expect(await keys.list()).toEqual([
      expect.objectContaining({
        name: 'ops',
        scopes: ['admin'],
        models: null,
        rate: {perSecond: 2, burst: 4},
        expiresAt: NOW + 1_000,
      }),
      {
        id: first.key.id,
        name: 'checkout',
        scopes: ['predict', 'feedback'],
        models: ['late'],
        rate: null,
        createdAt: NOW,
        createdBy: 'user ada',
        expiresAt: null,
        revokedAt: null,
        lastUsedAt: null,
      },
    ]);
  });

  test('leave no secret in the file', async () => {
    const {keys, metadata, file} = fixture;
    const {token} = await keys.create({name: 'checkout', scopes: ['predict']}, 'user ada');
    const {secret} = parseToken(token)!;
    await metadata.close();
    const bytes = [file, `${file}-wal`].flatMap(path => {
      try {
        return [readFileSync(path, 'latin1')];
      } catch {
        return [];
      }
    });
    expect(bytes.join('')).toContain('checkout');
    expect(bytes.join('')).not.toContain(secret);
    expect(bytes.join('')).not.toContain(Buffer.from(secret, 'base64url').toString('latin1'));
  });

  test('end when they are revoked, once', async () => {
    const {keys, clock} = fixture;
    const {key} = await keys.create({name: 'checkout', scopes: ['predict']}, 'user ada');
    clock.advanceTo(NOW + 10);
    expect((await keys.revoke(key.id)).revokedAt).toBe(NOW + 10);
    clock.advanceTo(NOW + 20);
    expect((await keys.revoke(key.id)).revokedAt).toBe(NOW + 10);
    await expect(keys.revoke('0123456789abcdef')).rejects.toMatchObject({code: 'RECORD_NOT_FOUND'});
  });

  test('say that they were used, to the minute', async () => {
    const {keys, clock} = fixture;
    const {key} = await keys.create({name: 'checkout', scopes: ['predict']}, 'user ada');
    clock.advanceTo(NOW + 90_500);
    await keys.noteUse([key.id]);
    expect((await keys.list())[0]!.lastUsedAt).toBe(NOW + 60_000);
    expect((await keys.revoke(key.id)).lastUsedAt).toBe(NOW + 60_000);
  });

  test('tell another opening of the same file that they have changed', async () => {
    const {keys, file, clock} = fixture;
    const store = await openLibsql(file);
    const others = new ApiKeys(store, {clock, randomBytes});
    expect(await others.changes()).toBe(0);
    const {key} = await keys.create({name: 'checkout', scopes: ['predict']}, 'user ada');
    const after = await others.changes();
    expect(after).toBeGreaterThan(0);
    expect((await others.kept()).map(({id}) => id)).toEqual([key.id]);
    await others.revoke(key.id);
    expect(await keys.changes()).toBeGreaterThan(after);
    expect((await keys.kept())[0]!.revokedAt).toBe(NOW);
    await store.close();
  });

  test.each<[string, unknown, string[]]>([
    ['no object', 3, ['']],
    ['nothing', {}, ['name', 'scopes']],
    ['no name', {name: ' ', scopes: ['read']}, ['name']],
    ['an unknown scope', {name: 'a', scopes: ['read', 'write']}, ['scopes']],
    ['no model', {name: 'a', scopes: ['predict'], models: []}, ['models']],
    ['an admin of one model', {name: 'a', scopes: ['admin'], models: ['late']}, ['models']],
    ['an expiry in the past', {name: 'a', scopes: ['read'], expiresAt: NOW}, ['expiresAt']],
    ['half a request a burst', {name: 'a', scopes: ['read'], rate: {perSecond: 1, burst: 0.5}}, ['rate']],
    ['no rate', {name: 'a', scopes: ['read'], rate: {perSecond: 0, burst: 1}}, ['rate']],
    ['null as a rate', {name: 'a', scopes: ['read'], rate: null}, ['rate']],
    ['a field of its own', {name: 'a', scopes: ['read'], secret: 'mine'}, ['secret']],
  ])('are refused with %s, and every problem is named', async (_, request, paths) => {
    const failed = await fixture.keys.create(request as ApiKeyRequest, 'user ada').catch((error: unknown) => error);
    expect(failed).toMatchObject({code: 'REQUEST_INVALID'});
    expect((failed as {problems: {path: string}[]}).problems.map(({path}) => path)).toEqual(paths);
    expect(await fixture.keys.kept()).toEqual([]);
  });
});
