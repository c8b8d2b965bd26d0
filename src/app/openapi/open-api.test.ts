import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {Validator} from '@seriousme/openapi-schema-validator';
import {afterAll, describe, expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {t} from '../../protocol/index.ts';
import {loadProject} from '../project/load.ts';
import {collectProject} from '../project/project.ts';
import {clientCode} from './client-code.ts';
import {openApi} from './open-api.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'client-'));
afterAll(() => rmSync(folder, {recursive: true}));

const projects = ['examples/flights', 'test/projects/careful', 'templates/start'].map(path => join(ROOT, path));
const odd = collectProject('odd', folder, {
  readings: events('sensor-readings', {
    schema: {id: t.string, 'a field': t.number.orNull(), embedding: t.vector(3), at: t.time},
    time: 'at',
    id: 'id',
  }),
});

/** Names that mean something in code, end comments and strings, or are the same type. */
async function hostile() {
  const {models} = await loadProject(projects[0]!);
  const names = [
    'late */ export',
    '__proto__',
    'constructor',
    '2-fast',
    'two-words',
    'two_words',
    'line\n"quote`$',
    '語',
  ];
  const [model] = models;
  return collectProject('hostile */\n project', folder, {
    readings: events('delete', {
      schema: {id: t.string, constructor: t.number, 'a"b\n*/': t.string, at: t.time},
      time: 'at',
      id: 'id',
    }),
    ...Object.fromEntries(names.map(name => [name, {...model!, name, description: 'ends */ here'}])),
  });
}

/** Compiler messages for a file beside a client; empty if it compiles. */
function compile(name: string, client: string, use: string): string {
  writeFileSync(join(folder, `${name}.ts`), client);
  const file = join(folder, `${name}-use.ts`);
  writeFileSync(file, `import {createClient} from './${name}.ts';\nconst client = createClient();\n${use}\n`);
  const flags =
    '--noEmit --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --noUnusedLocals --allowImportingTsExtensions --erasableSyntaxOnly --target es2022 --module esnext --moduleResolution bundler --lib es2023,dom --types node --ignoreConfig';
  const options = [...flags.split(' ').filter(flag => flag !== ''), '--typeRoots', join(ROOT, 'node_modules/@types')];
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options, file], {
      cwd: folder,
      stdio: 'pipe',
    });
    return '';
  } catch (error) {
    return String((error as {stdout?: Buffer}).stdout);
  }
}

describe('the API of a project', () => {
  test.each(projects)('is valid OpenAPI 3.1: %s', async path => {
    const document = openApi(await loadProject(path), '1.2.3');
    const {valid, errors} = await new Validator().validate(document as Record<string, unknown>);
    expect({valid, errors}).toEqual({valid: true, errors: undefined});
  });

  test('names every field with its type', async () => {
    const {paths, components} = openApi(await loadProject(projects[0]!), '1') as {
      paths: Record<string, unknown>;
      components: {schemas: Record<string, unknown>};
    };
    expect(Object.keys(paths)).toEqual([
      '/v1/models/lateness/predict',
      '/v1/models/lateness/rank',
      '/v1/events/arrivals',
      '/v1/events/departures',
      '/v1/features/atDeparture/read',
      '/health/live',
      '/health/ready',
    ]);
    expect(components.schemas.LatenessInstance).toEqual({
      type: 'object',
      properties: {
        origin: {type: 'string'},
        destination: {type: 'string'},
        distance: {type: 'integer', minimum: -(2 ** 53) + 1, maximum: 2 ** 53 - 1},
        zone: {type: 'string'},
        id: {type: 'string', minLength: 1, maxLength: 200},
      },
      required: ['origin', 'destination', 'distance', 'zone'],
      additionalProperties: false,
    });
  });

  test('takes names as they come, and vectors as lists', async () => {
    const document = openApi(odd, '1') as {components: {schemas: Record<string, {properties: unknown}>}};
    expect((await new Validator().validate(document as Record<string, unknown>)).valid).toBe(true);
    expect(document.components.schemas.SensorReadingsEvent!.properties).toMatchObject({
      'a field': {type: ['number', 'null']},
      embedding: {type: 'array', minItems: 3, maxItems: 3},
    });
  });
});

describe('the client of a project', () => {
  test('compiles, and so do right calls', async () => {
    const use = `
      const {predictions} = await client.models.lateness.predict([{origin: 'JFK', destination: 'LAX', distance: 1, zone: 'UTC', id: 'x'}]);
      const late: number | null | undefined = predictions[0]?.features?.outLate_2h;
      const {ranking} = await client.models.lateness.rank({origin: 'JFK', zone: 'UTC'}, [{destination: 'LAX', distance: 1}], {top: 1});
      await client.events.departures.push([{flightId: '1', origin: 'a', destination: 'b', distance: 1, departedAt: new Date(), zone: 'UTC'}]);
      const {values} = await client.features.atDeparture.read([{origin: 'a', destination: 'b', distance: 1, zone: 'UTC'}], {features: ['hour']});
      export const all = [late, ranking, values];`;
    expect(compile('right', clientCode(await loadProject(projects[0]!)), use)).toBe('');
  });

  test('a field, a feature or a model that is misspelt does not compile', async () => {
    const client = clientCode(await loadProject(projects[0]!));
    const said = compile(
      'wrong',
      client,
      `await client.models.lateness.predict([{orgin: 'JFK', destination: 'LAX', distance: 1, zone: 'UTC'}]);
       await client.models.latenes.predict([]);
       await client.features.atDeparture.read([], {features: ['hours']});
       await client.models.lateness.rank({origin: 'JFK'}, [{destination: 'LAX'}]);
       await client.events.departures.push([{flightId: 1}]);`,
    );
    for (const [line, wrong] of [
      [3, 'orgin'],
      [4, 'latenes'],
      [5, 'hours'],
      [6, 'distance'],
      [7, 'flightId'],
    ] as const)
      expect(said).toMatch(new RegExp(`wrong-use\\.ts\\(${line},.*|wrong-use\\.ts:${line}:.*${wrong}`));
    expect(said.split('\n').filter(line => /error TS/.test(line)).length).toBeGreaterThanOrEqual(5);
  });

  test('of hostile names compiles, and every model has its own place', async () => {
    const project = await hostile();
    const use = `
      const asked = [{origin: 'JFK', destination: 'LAX', distance: 1, zone: 'UTC'}];
      await client.events.delete.push([{id: 'a', constructor: 1, 'a"b\\n*/': '', at: 5}]);
      for (const name of ['late */ export', 'constructor', '2-fast', 'two-words', 'two_words', '語'] as const)
        await client.models[name].predict(asked);
      await client.models['__proto__'].rank({origin: 'JFK'}, [{destination: 'LAX', distance: 1, zone: 'UTC'}]);`;
    expect(compile('hostile', clientCode(project), use)).toBe('');
    const {createClient} = await import(/* @vite-ignore */ join(folder, 'hostile.ts'));
    expect(Object.keys(createClient().models).sort()).toEqual(project.models.map(({name}) => name).sort());
    const document = openApi(project, '1') as {components: {schemas: object}};
    expect((await new Validator().validate(document as Record<string, unknown>)).valid).toBe(true);
    const instances = Object.keys(document.components.schemas).filter(name => name.endsWith('Instance'));
    expect(instances).toHaveLength(project.models.length);
  });

  test('of odd names compiles too', () => {
    const use = `await client.events['sensor-readings'].push([{id: 'a', at: 5, embedding: [1, 2, 3]}]);`;
    expect(compile('odd', clientCode(odd), use)).toBe('');
  });
});
