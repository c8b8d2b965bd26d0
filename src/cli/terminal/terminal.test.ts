import {describe, expect, test} from 'vitest';
import {Progress} from './progress.ts';
import {table} from './table.ts';
import {Terminal} from './terminal.ts';

/** A stream that keeps what it is given. */
function screen(isTTY: boolean) {
  const written: string[] = [];
  return {isTTY, columns: 80, write: (text: string) => written.push(text), text: () => written.join(''), written};
}

const ESC = String.fromCharCode(27);

describe('a terminal', () => {
  test('keeps results on stdout and all else on stderr', () => {
    const stdout = screen(false);
    const stderr = screen(false);
    const terminal = new Terminal({stdout, stderr, env: {}});
    terminal.note('working');
    terminal.printJson({done: true});
    expect(JSON.parse(stdout.text())).toEqual({done: true});
    expect(stderr.text()).toBe('working\n');
  });

  test.each([
    ['a pipe', false, {}, false],
    ['a terminal', true, {TERM: 'xterm'}, true],
    ['a terminal with NO_COLOR', true, {TERM: 'xterm', NO_COLOR: '1'}, false],
    ['a dumb terminal', true, {TERM: 'dumb'}, false],
    ['a pipe with FORCE_COLOR', false, {FORCE_COLOR: '1'}, true],
    ['a pipe with NO_COLOR and FORCE_COLOR', false, {FORCE_COLOR: '1', NO_COLOR: '1'}, false],
  ])('on %s uses colours: see the table', (_, isTTY, env, coloured) => {
    const terminal = new Terminal({stdout: screen(isTTY), stderr: screen(false), env});
    expect(terminal.style.red('x').includes(ESC)).toBe(coloured);
  });

  test('takes the moving line away before it prints, and draws it again after', () => {
    const stderr = screen(true);
    const terminal = new Terminal({stdout: screen(true), stderr, env: {TERM: 'xterm'}});
    terminal.show('  half way');
    terminal.note('an event');
    expect(stderr.text()).toBe(`\r${ESC}[2K  half way\r${ESC}[2Kan event\n  half way`);
  });
});

describe('progress', () => {
  const run = (isTTY: boolean) => {
    const stderr = screen(isTTY);
    let now = 0;
    const progress = new Progress(new Terminal({stdout: screen(false), stderr, env: {TERM: 'xterm'}}), () => now);
    for (now = 0; now <= 25_000; now += 10)
      progress.update({title: 'ingest', done: now, of: 50_000, unit: 'rows', message: 'arrivals'});
    return stderr;
  };

  test('moves at most ten times a second where someone looks', () => {
    const {written} = run(true);
    expect(written.length).toBeGreaterThan(200);
    expect(written.length).toBeLessThanOrEqual(251);
    expect(written.at(-1)).toContain('50 %  25,000 rows  1,000/s  arrivals  25 s');
  });

  test('is a line every ten seconds elsewhere, without escapes', () => {
    expect(run(false).text()).toBe(
      '  ingest  20 %  10,000 rows  1,000/s  arrivals  10 s\n  ingest  40 %  20,000 rows  1,000/s  arrivals  20 s\n',
    );
  });

  test('never wraps on a narrow screen', () => {
    const stderr = {...screen(true), columns: 20};
    new Progress(new Terminal({stdout: screen(false), stderr, env: {TERM: 'xterm'}})).update({
      title: 'a very long title for a narrow screen',
      done: 0,
      of: null,
    });
    expect(stderr.text().replace(`\r${ESC}[2K`, '').length).toBeLessThan(20);
  });
});

test('a table aligns words to the left and figures to the right, whatever their colours', () => {
  const red = (text: string) => `${ESC}[31m${text}${ESC}[39m`;
  expect(
    table(
      [{title: 'name'}, {title: 'rows', align: 'right'}],
      [
        [red('a'), '1,000'],
        ['long', '7'],
      ],
    ),
  ).toEqual(['  name   rows', `  ${red('a')}     1,000`, '  long      7']);
});
