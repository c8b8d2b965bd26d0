import {expect, test} from 'vitest';
import {FollowerNotes} from './follower-notes.ts';
import {Terminal} from './terminal/terminal.ts';

test('a source that cannot be read is told once for each reason, and once more when it is followed again', () => {
  const lines: string[] = [];
  const notes = new FollowerNotes({note: (line = '') => lines.push(line), errStyle: new Terminal().errStyle});
  const counts = {since: 0, failures: 0, caughtUpAt: null, accepted: 0, duplicates: 0, rejected: 0, late: 0};
  const idle = {...counts, stream: 'pay', state: 'following', error: null, warning: null} as const;
  const waits = (message: string) =>
    ({...idle, state: 'waiting', error: {code: 'STORE_UNAVAILABLE', message, fix: 'Start it.'}}) as const;
  for (const state of [idle, waits('No server.'), waits('No server.'), waits('No table.'), idle, idle])
    notes.tell([state]);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/'pay' waits: No server\. Start it\./);
  expect(lines[1]).toMatch(/No table/);
  expect(lines[2]).toMatch(/'pay' is followed again/);
});
