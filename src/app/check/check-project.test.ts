import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {csv, events} from '../../events/index.ts';
import {t} from '../../protocol/index.ts';
import {collectProject} from '../project/project.ts';
import {checkProject} from './check-project.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-check-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const source = (path: string) =>
  events('visits', {
    schema: {visitId: t.string, at: t.time, pages: t.int},
    time: 'at',
    id: 'visitId',
    from: csv(path),
  });

const check = (path: string, more: Record<string, unknown> = {}) =>
  checkProject(collectProject('shop', folder, {visits: source(path), ...more}), {folder: join(folder, 'data')});

test('a file that is not there is an error that names it', async () => {
  const [finding] = await check('none.csv');
  expect(finding).toMatchObject({check: 'source-files', severity: 'error', subject: 'source visits'});
  expect(finding!.message).toContain('none.csv');
});

test('a file without a declared column is an error that names the column', async () => {
  writeFileSync(join(folder, 'short.csv'), 'visitId,at\nv1,2025-01-01T00:00:00Z\n');
  const [finding] = await check('short.csv');
  expect(finding).toMatchObject({check: 'source-files', severity: 'error'});
  expect(finding!.message).toContain('pages');
});

test('files that the project makes itself need not be there yet', async () => {
  const findings = await check('none.csv', {prepare: async () => {}});
  expect(findings.map(finding => finding.check)).toEqual(['has-model']);
});

test('errors stand before warnings', async () => {
  expect((await check('none.csv')).map(finding => finding.severity)).toEqual(['error', 'warn']);
});
