import {expect, test} from 'vitest';
import {ClientError} from '../client/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {errorJson} from './print-error.ts';

const problems = [{path: 'instances[0].chanel', message: "'chanel' is no field.", fix: 'Did you mean channel?'}];

test('a script is told every problem, whether the server found it or the command', () => {
  const told = {code: 'REQUEST_INVALID', message: 'No.', fix: 'Mend it.', problems};
  expect(errorJson(new MillraceError('REQUEST_INVALID', 'No.', {fix: 'Mend it.', problems}))).toEqual(told);
  expect(errorJson(new ClientError('REQUEST_INVALID', 'No.', {fix: 'Mend it.', problems}))).toEqual(told);
  expect(errorJson(new ClientError('UNREACHABLE', 'Gone.'))).toEqual({code: 'UNREACHABLE', message: 'Gone.'});
});
