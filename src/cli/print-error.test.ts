import {expect, test} from 'vitest';
import {ClientError} from '../client/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {EXIT, exitCodeOf, Interrupted} from './exit-codes.ts';
import {errorJson, printError} from './print-error.ts';
import {Terminal} from './terminal/terminal.ts';

function printed(error: unknown): string {
  let text = '';
  const stderr = {write: (part: string) => (text += part)};
  printError(new Terminal({stdout: {write: () => {}}, stderr, env: {}}), error);
  return text;
}

const invalid = new MillraceError('REQUEST_INVALID', 'Two fields are wrong.', {
  problems: [
    {path: 'a', message: 'is missing.', fix: 'Give a string.'},
    {path: '', message: 'Too many.'},
  ],
  fix: 'Mend them.',
});

test('an error of ours prints code, message, every problem and what to do', () => {
  expect(printed(invalid)).toBe(
    'REQUEST_INVALID  Two fields are wrong.\n  - a: is missing. Give a string.\n  - Too many.\n  → Mend them.\n',
  );
});

test('a failure that nobody foresaw prints its stack and asks for a report', () => {
  const text = printed(new TypeError('x is not a function'));
  expect(text).toContain('TypeError: x is not a function\n    at ');
  expect(text).toContain('Please report this');
});

test('a project that throws shows where in its own file', () => {
  const cause = new Error('boom');
  cause.stack =
    'Error: boom\n    at node:internal/x\n    at /shop/millrace.ts:3:7\n    at /a/node_modules/jiti/y.js:1:1';
  expect(printed(new MillraceError('PROJECT_FAILED', 'It failed: boom', {cause}))).toBe(
    'PROJECT_FAILED  It failed: boom\n    at /shop/millrace.ts:3:7\n',
  );
});

test('exit codes tell kinds of failures apart', () => {
  const code = (error: unknown) => exitCodeOf(error);
  expect(code(invalid)).toBe(EXIT.usage);
  expect(code(new MillraceError('GATE_FAILED', ''))).toBe(EXIT.gatesFailed);
  expect(code(new MillraceError('PROJECT_NOT_FOUND', ''))).toBe(EXIT.notFound);
  expect(code(new MillraceError('PORT_IN_USE', ''))).toBe(EXIT.busy);
  expect(code(new ClientError('UNREACHABLE', ''))).toBe(EXIT.busy);
  expect(code(new MillraceError('STORE_CORRUPT', ''))).toBe(EXIT.failed);
  expect(code(new TypeError())).toBe(EXIT.failed);
  expect(code(new Interrupted())).toBe(130);
});

test('a script gets the error as the HTTP API has it', () => {
  expect(errorJson(invalid)).toMatchObject({code: 'REQUEST_INVALID', problems: [{path: 'a'}, {path: ''}]});
  expect(errorJson(new TypeError('x'))).toEqual({code: 'INTERNAL', message: 'x'});
});
