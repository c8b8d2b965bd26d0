import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {takeWriterLock} from './writer-lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-lock-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const lockFile = (name: string, holder: string) => writeFileSync(join(folder, name), holder);
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;
const busy = expect.objectContaining({code: 'STORE_BUSY', message: expect.stringContaining(`Process ${process.pid} `)});

describe('writer lock', () => {
  test('is held by one at a time, and leaves nothing behind', () => {
    const lock = takeWriterLock(folder);
    expect(() => takeWriterLock(folder)).toThrow(busy);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    takeWriterLock(folder).release();
  });

  test('is taken over from a process that died', () => {
    lockFile('writer.lock', `${deadPid()}-12345`);
    const lock = takeWriterLock(folder);
    expect(() => takeWriterLock(folder)).toThrow(busy);
    expect(readdirSync(folder)).toEqual(['writer.lock']);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is taken over from a process that died while taking over', () => {
    const [first, second] = [`${deadPid()}-1`, `${deadPid()}-2`];
    lockFile('writer.lock', first);
    lockFile(`writer.lock.after-${first}`, second);
    const lock = takeWriterLock(folder);
    expect(readdirSync(folder)).toEqual(['writer.lock']);
    lock.release();
  });

  test('is held by a living process that is still taking over', () => {
    const dead = `${deadPid()}-1`;
    lockFile('writer.lock', dead);
    lockFile(`writer.lock.after-${dead}`, `${process.pid}-unknown`);
    expect(() => takeWriterLock(folder)).toThrow(busy);
  });

  test.runIf(process.platform === 'linux')('is taken over when the pid went to another process', () => {
    lockFile('writer.lock', `${process.pid}-1`);
    takeWriterLock(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });
});
