import {expect, test} from 'vitest';
import {MillraceError} from '../../protocol/index.ts';
import {errorText} from './error-text.ts';

test('one text says what happened, each problem once, and what to do about each', () => {
  const problems = [
    {path: 'a', message: "'a' is FP16.", fix: 'Send FP64.'},
    {path: 'b', message: "'b' is FP16.", fix: 'Send FP64.'},
    {path: 'c', message: "'c' is missing.", fix: 'Send BYTES [rows].'},
  ];
  expect(errorText(new MillraceError('REQUEST_INVALID', "No: 'a' is FP16.", {problems}))).toBe(
    "No: 'a' is FP16. 'b' is FP16. 'c' is missing. Send FP64. Send BYTES [rows].",
  );
  expect(errorText(new MillraceError('NOT_READY', 'Not yet.', {fix: 'Wait.'}))).toBe('Not yet. Wait.');
});
