// What a user without ioredis is told: a process in which the package cannot be found.
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';

const DOOR = fileURLToPath(new URL('./index.ts', import.meta.url));

const HOOK = `export async function resolve(name, context, next) {
  if (name === 'ioredis') throw Object.assign(new Error("Cannot find package 'ioredis'"), {code: 'ERR_MODULE_NOT_FOUND'});
  return next(name, context);
}`;

const PROGRAM = `import {register} from 'node:module';
register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(HOOK)}`)});
const {openRedis} = await import(${JSON.stringify(DOOR)});
await openRedis({url: 'redis://localhost'}).catch(error => console.log(JSON.stringify(error)));`;

test('a missing ioredis is said with what to install', () => {
  const {stdout, stderr} = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', PROGRAM], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    code: 'PACKAGE_MISSING',
    message: 'The online store in Redis needs the package ioredis.',
    fix: 'Run: npm install ioredis',
  });
});
