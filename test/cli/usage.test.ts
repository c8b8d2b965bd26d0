import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';
import {millrace, temporaryFolder} from './millrace.fixture.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const COMMANDS = [
  'init',
  'check',
  'schema',
  'schema infer',
  'schema freeze',
  'schema diff',
  'ingest',
  'quarantine',
  'quarantine list',
  'quarantine replay',
  'quarantine discard',
  'features',
  'features show',
  'features diff',
  'features lineage',
  'dataset',
  'train',
  'evaluate',
  'models',
  'models show',
  'deploy',
  'predict',
  'serve',
  'monitor',
  'monitor report',
  'monitor simulate',
  'monitor suggest',
  'observability',
  'consistency',
  'retrain',
  'log',
  'log status',
  'log truncate',
  'erase',
  'keys',
  'keys create',
  'keys list',
  'keys revoke',
  'audit',
  'quickstart',
];

/** A command line in this process: for those that only print. */
async function inProcess(...args: string[]) {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: {write: (text: string) => (out += text)},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  return {code: await runProgram(args, terminal), out, err};
}

describe('--help', () => {
  test('of the program names every command and every exit code, on stdout', async () => {
    const {code, out, err} = await millrace(['--help'], folder.path);
    expect({code, err}).toEqual({code: 0, err: ''});
    for (const command of COMMANDS) expect(out).toContain(command.split(' ')[0]);
    for (const exit of [0, 1, 2, 3, 4, 5, 130]) expect(out).toMatch(new RegExp(`^ {2}${exit} +\\w`, 'm'));
  });

  test.each(COMMANDS)('of %s says what it does and shows an example', async command => {
    const {code, out, err} = await inProcess(...command.split(' '), '--help');
    expect({code, err}).toEqual({code: 0, err: ''});
    expect(out).toMatch(new RegExp(`^Usage: millrace ${command} `));
    expect(out).toMatch(new RegExp(`^Example:\\n {2}millrace ${command}`, 'm'));
  });
});

describe('a wrong command line ends with 2 and', () => {
  test('an unknown command is told what is near', async () => {
    const {code, out, err} = await millrace(['trian'], folder.path);
    expect({code, out}).toEqual({code: 2, out: ''});
    expect(err).toContain("unknown command 'trian'\n(Did you mean train?)");
  });

  test.each([
    ['an unknown option', ['train', '--nope'], "unknown option '--nope'"],
    ['too many arguments', ['train', 'a', 'b'], 'too many arguments'],
    ['a number that is none', ['quickstart', '--rows', 'many'], 'whole number above 0'],
    ['a time that is none', ['train', '--as-of', 'April'], 'a day such as 2001-04-01'],
    ['a port that is none', ['serve', '--port', '99999'], 'a port from 0 to 65535'],
    ['a request that is no JSON', ['predict', 'm', '--json', '{a: 1}'], '--json is no JSON'],
    ['a request that is no object', ['predict', 'm', '--json', '7'], 'neither an object nor a list'],
    ['no request', ['predict', 'm'], "required option '--json <fields>' not specified"],
    ['no command', [], 'Usage: millrace'],
  ])('%s is named', async (_, args, message) => {
    const {code, err} = await inProcess(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('a project that cannot be loaded', () => {
  const projectOf = (name: string, text: string): string => {
    mkdirSync(join(folder.path, name));
    writeFileSync(join(folder.path, name, 'millrace.ts'), text);
    return join(folder.path, name);
  };

  test('because there is none ends with 4, and says so to a script on stdout', async () => {
    const {code, out, err} = await millrace(['check', '--json'], folder.path);
    expect(code).toBe(4);
    expect(JSON.parse(out).error).toMatchObject({
      code: 'PROJECT_NOT_FOUND',
      fix: expect.stringContaining('millrace init'),
    });
    expect(err).toContain('PROJECT_NOT_FOUND');
  });

  test('because it throws ends with 1 and shows where', async () => {
    const project = projectOf(
      'throws',
      'const shop: {name: string} | null = null as never;\nexport const name = shop!.name;\n',
    );
    const {code, out, err} = await millrace(['train', '--project', project], folder.path);
    expect({code, out}).toEqual({code: 1, out: ''});
    expect(err).toMatch(/^PROJECT_FAILED {2}The project file .*throws\/millrace\.ts failed: /);
    expect(err).toContain('throws/millrace.ts:2');
  });

  test('because a definition is wrong ends with 1 and names every problem', async () => {
    const project = projectOf(
      'wrong',
      "import {events, t} from 'millrace';\nexport const a = events('A', {schema: {x: t.string}, time: 'y', id: 'x'} as never);\n",
    );
    const {code, err} = await millrace(['check', '--project', project], folder.path);
    expect(code).toBe(1);
    expect(err).toContain('DEFINITION_INVALID');
    expect(err).toContain("  - name: 'A' is no name.");
    expect(err).toContain("  - time: Column 'y' is not in the schema.");
  });

  test('because it defines nothing ends with 1', async () => {
    const {code, err} = await millrace(
      ['features', '--project', projectOf('empty', 'export const a = 1;\n')],
      folder.path,
    );
    expect(code).toBe(1);
    expect(err).toContain('PROJECT_INVALID');
  });
});
