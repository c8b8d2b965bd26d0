import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {loadProject} from './load.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'project-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

/** A project with a view of these features, which stand in line 15 of the file. */
const load = (features: string) => {
  writeFileSync(
    join(folder, 'millrace.ts'),
    `import {
  entity,
  events,
  featureView,
  t,
} from 'millrace';

type Anything = {readonly of: string};

export const pay = events('pay', {schema: {id: t.string, at: t.time, amount: t.number}, time: 'at', id: 'id'});

const anything = (of: string): Anything => ({of});

export const view = featureView('view', {from: pay, entity: entity('payment', {id: t.string}), keys: {id: 'id'}, features: a => (
  ${features}
)});
`,
  );
  return loadProject(folder);
};

test('a wrong definition is an error with its line in the project file', async () => {
  await expect(load("{n: a.count().over('1 hour')}")).rejects.toMatchObject({
    code: 'DEFINITION_INVALID',
    message: "millrace.ts, line 15: '1 hour' is not a duration.",
    fix: expect.stringMatching(/30m or 7d/),
  });
});

test('so is a name that does not exist there', async () => {
  await expect(load("{n: a.cuont().over('1h')}")).rejects.toMatchObject({
    code: 'DEFINITION_INVALID',
    message: "millrace.ts, line 15: There is no aggregation 'cuont'.",
    fix: 'Did you mean count?',
  });
  await expect(load("{n: a.sum('amont').over('1h')}")).rejects.toMatchObject({code: 'DEFINITION_INVALID'});
});

test('an error of the code itself keeps its own words', async () => {
  await expect(load('anything(1).of.at.once')).rejects.toMatchObject({code: 'PROJECT_FAILED'});
});
