// What the author of a push reads when a check stops it.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {ManualClock, t} from '../../protocol/index.ts';
import type {EventLog} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {timeNotBackwards} from '../checks/stream-check.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import {events} from '../source.ts';
import {EventGate} from './gate.ts';

const meters = events('meters', {
  schema: {id: t.string, at: t.time},
  time: 'at',
  id: 'id',
  checks: [timeNotBackwards({tolerance: '5m'}, 'stop')],
});
const NOW = Date.UTC(2024, 0, 1, 12);

let folder = '';
let log: EventLog;
let quarantine: FileQuarantine;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-stop-'));
  log = await openSegmentLog(join(folder, 'log'));
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
});
afterEach(async () => {
  await log.close();
  await quarantine.close();
  rmSync(folder, {recursive: true});
});

test('a source whose time goes backwards is told by how much, and that nothing of the push got in', async () => {
  const gate = await EventGate.open({log, sources: [meters], clock: new ManualClock(NOW), quarantine});
  await gate.push('meters', [{id: 'a', at: NOW - 60_000}]);
  const backwards = gate.push('meters', [
    {id: 'b', at: NOW - 30_000},
    {id: 'c', at: NOW - 3_600_000},
  ]);
  await expect(backwards).rejects.toMatchObject({
    code: 'CHECK_STOPPED',
    message: expect.stringMatching(/^Nothing of this got into 'meters': .*5m.*59 min/),
    fix: 'Correct the events and send all of them again, or let the check warn or reject.',
  });
  expect(log.end()).toBe(1);
  expect(gate.checkStatus()).toMatchObject([{state: 'violated', action: 'stop', count: 1}]);
  await gate.push('meters', [{id: 'b', at: NOW - 120_000}]);
  expect(gate.checkStatus()[0]).toMatchObject({count: 1, state: 'ok'});
});
