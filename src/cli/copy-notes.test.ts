import {expect, test} from 'vitest';
import {CopyNotes} from './copy-notes.ts';
import {Terminal} from './terminal/terminal.ts';

test('a copy that cannot be reached is told once, and once more when it has everything again', () => {
  const lines: string[] = [];
  const notes = new CopyNotes({note: (line = '') => lines.push(line), errStyle: new Terminal().errStyle});
  const error = {code: 'STORE_UNAVAILABLE', message: 'Redis at 127.0.0.1:1 cannot be reached.'};
  notes.tell({state: 'even', behind: 0, error: null});
  notes.tell({state: 'waiting', behind: 3, error});
  notes.tell({state: 'waiting', behind: 40, error});
  notes.tell({state: 'copying', behind: 40, error: null});
  notes.tell({state: 'even', behind: 0, error: null});
  notes.tell({state: 'even', behind: 0, error: null});
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/Redis at 127.0.0.1:1 cannot be reached.*3 entries wait/);
  expect(lines[1]).toMatch(/everything again/);
});
