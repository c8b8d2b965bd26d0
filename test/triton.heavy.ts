// The unmodified tritonclient (PyPI) against our server, over HTTP and gRPC; and requests as MLflow's clients send them.
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type RunningGrpc, startGrpc} from '../src/server/grpc/start-grpc.ts';
import {type InferenceServer, inferenceServer} from '../src/server/inference/inference-server.fixture.ts';
import {BODY_LIMIT} from '../src/server/inference/raw-bodies.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** Kept between runs; git ignores it. */
const VENV = join(ROOT, '.venv-triton');
const PYTHON = join(VENV, 'bin/python');

type Ran = {readonly code: number | null; readonly out: string; readonly errors: string};

/** Runs a program without holding up this process, which serves. */
function run(program: string, ...given: string[]): Promise<Ran> {
  return new Promise(done => {
    const child = spawn(program, given, {cwd: ROOT});
    let out = '';
    let errors = '';
    child.stdout.on('data', text => {
      out += text;
    });
    child.stderr.on('data', text => {
      errors += text;
    });
    child.on('error', error => done({code: null, out, errors: error.message}));
    child.on('close', code => done({code, out, errors}));
  });
}

/** null, or why there is no tritonclient to ask with. */
async function installClient(): Promise<string | null> {
  if (!existsSync(PYTHON)) {
    const made = await run('python3', '-m', 'venv', VENV);
    if (made.code !== 0) return `no virtual environment of Python: ${made.errors.slice(-300)}`;
  }
  if ((await run(PYTHON, '-c', 'import tritonclient.http, tritonclient.grpc')).code === 0) return null;
  const installed = await run(PYTHON, '-m', 'pip', 'install', '--quiet', 'tritonclient[http,grpc]');
  return installed.code === 0 ? null : `tritonclient cannot be installed: ${installed.errors.slice(-300)}`;
}

const missing = await installClient();
if (missing !== null) console.warn(`Not run: ${missing}`);

const BOTH = [
  'health, metadata and configuration',
  'index, unload and load',
  'statistics',
  'infer without and with named outputs, and by version',
  'every datatype, bit by bit',
  'strings and bytes',
  'no rows',
  'compressed',
  'refusals have the right status and a message',
  'a timeout in microseconds',
  'a body larger than is allowed',
  'asynchronous',
];
const CHECKS = [
  ...['http', 'grpc'].flatMap(protocol => BOTH.map(name => `${protocol}: ${name}`)),
  'http: JSON in and JSON out',
  'grpc: a stream, with a request in it that fails',
  'grpc: a deadline of the client',
  'mlflow: /invocations in its forms',
];

describe.skipIf(missing !== null)('the unmodified tritonclient', () => {
  let served: InferenceServer;
  let grpc: RunningGrpc;
  let results: Record<string, string>;

  beforeAll(async () => {
    served = await inferenceServer(BODY_LIMIT);
    grpc = await startGrpc({repository: () => served.repository, port: 0});
    const {out, errors} = await run(
      PYTHON,
      join(ROOT, 'test/triton/client.py'),
      new URL(served.url).host,
      grpc.address,
    );
    expect(out, errors).not.toBe('');
    results = JSON.parse(out);
  }, 120_000);
  afterAll(async () => {
    await served.close();
    await grpc.close();
  });

  test.each(CHECKS)('%s', name => {
    expect(results[name]).toBe('ok');
  });

  test('is asked everything that is listed here', () => {
    expect(Object.keys(results).sort()).toEqual([...CHECKS].sort());
  });
});
