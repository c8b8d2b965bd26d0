import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {describeObjectStore} from '../contract/object-store.ts';
import {openFiles} from './index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-files-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

describeObjectStore('files', {open: () => openFiles(join(folder, 'objects'))});

describe('files', () => {
  test('are not reached through symbolic links', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret'), 'secret');
    const store = await openFiles(join(folder, 'objects'));
    symlinkSync(outside, join(folder, 'objects', 'folder'));
    symlinkSync(join(outside, 'secret'), join(folder, 'objects', 'file'));
    for (const name of ['folder/secret', 'file']) {
      const refused = {code: 'REQUEST_INVALID', message: expect.stringContaining('symbolic link')};
      await expect(store.get(name)).rejects.toMatchObject(refused);
      await expect(store.put(name, new Uint8Array(1))).rejects.toMatchObject(refused);
      await expect(store.remove(name)).rejects.toMatchObject(refused);
    }
    expect(await store.list()).toEqual([]);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  test('may stand in a folder that is itself reached by a link', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    await (await openFiles(join(folder, 'link'))).put('a', Uint8Array.of(1));
    expect(existsSync(join(folder, 'real', 'a'))).toBe(true);
  });

  test('that a dead process left unfinished are not objects', async () => {
    const store = await openFiles(folder);
    writeFileSync(join(folder, 'a.123-1.unfinished'), 'half');
    expect(await store.list()).toEqual([]);
    await expect(store.get('a.123-1.unfinished')).rejects.toMatchObject({code: 'REQUEST_INVALID'});
  });

  test('refuse a name that goes on after that of an object', async () => {
    const store = await openFiles(folder);
    await store.put('a', Uint8Array.of(1));
    await expect(store.put('a/b', Uint8Array.of(2))).rejects.toMatchObject({code: 'STORE_CONFLICT'});
    await store.put('c/d', Uint8Array.of(1));
    await expect(store.put('c', Uint8Array.of(2))).rejects.toMatchObject({code: 'STORE_CONFLICT'});
    expect(await store.list()).toEqual(['a', 'c/d']);
  });
});
