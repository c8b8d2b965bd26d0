// What a user without OpenTelemetry's packages is told: a process in which they cannot be found.
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';

const DOOR = fileURLToPath(new URL('./index.ts', import.meta.url));

const HOOK = `export async function resolve(name, context, next) {
  if (name.startsWith('@opentelemetry/')) throw Object.assign(new Error('Cannot find it'), {code: 'ERR_MODULE_NOT_FOUND'});
  return next(name, context);
}`;

const program = (env: object): string => `import {register} from 'node:module';
register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(HOOK)}`)});
const {openOpenTelemetry} = await import(${JSON.stringify(DOOR)});
const opened = openOpenTelemetry({name: 'a', version: '1'}, {warn() {}}, ${JSON.stringify(env)});
console.log(JSON.stringify(await opened.catch(error => error)));`;

const run = (env: object) => {
  const args = ['--import', 'tsx', '--input-type=module', '-e', program(env)];
  const {stdout, stderr} = spawnSync(process.execPath, args, {encoding: 'utf8'});
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

test('missing packages are said with what to install, and only to those who want traces', () => {
  expect(run({})).toBeNull();
  expect(run({OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318'})).toMatchObject({
    code: 'PACKAGE_MISSING',
    message: "Traces need OpenTelemetry's packages.",
    fix: expect.stringContaining('npm install @opentelemetry/api'),
  });
});
