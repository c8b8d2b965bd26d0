import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {MillraceError} from '../../protocol/index.ts';
import {type LogOptions, openLog} from './log.ts';
import {parseTraceparent} from './trace-context.ts';

function written(options: LogOptions, say: (log: ReturnType<typeof openLog>) => void): string[] {
  const lines: string[] = [];
  say(openLog(options, {write: line => lines.push(line)}));
  return lines;
}

describe('the log', () => {
  test('is an object in a line, with time, level and message, whatever is in the message', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (message, model) => {
        const lines = written({format: 'json', level: 'info'}, log => log.info({model}, message));
        expect(lines).toHaveLength(1);
        expect(lines[0]!.indexOf('\n')).toBe(lines[0]!.length - 1);
        const line = JSON.parse(lines[0]!);
        expect(line).toMatchObject({level: 'info', message, model});
        expect(new Date(line.time).toISOString()).toBe(line.time);
      }),
    );
  });

  test('keeps of an error what helps, and never what clients hang on theirs', () => {
    const cause = Object.assign(new Error('refused'), {command: {args: ['hunter2']}, config: {password: 'hunter2'}});
    const error = new MillraceError('STORE_UNAVAILABLE', 'Redis does not answer.', {fix: 'Start it.', cause});
    const [line] = written({format: 'json', level: 'warn'}, log => log.error({err: error}, 'Something failed.'));
    expect(JSON.parse(line!).err).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'Redis does not answer.',
      fix: 'Start it.',
      cause: {message: 'refused'},
    });
    expect(JSON.parse(line!).err.stack).toBeUndefined();
    expect(JSON.parse(line!).err.cause.stack).toContain('log.test.ts');
    expect(line).not.toContain('hunter2');
    const circle = new Error('a');
    circle.cause = circle;
    expect(written({format: 'json', level: 'warn'}, log => log.error({err: circle}, ''))).toHaveLength(1);
  });

  test('for people is a line too, and the stack of an error below it', () => {
    const [plain] = written({format: 'text', level: 'info'}, log => log.info({model: 'late', route: 'a b'}, 'request'));
    expect(plain).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} INFO {2}request {2}model=late {2}route="a b"\n$/);
    const [failed] = written({format: 'text', level: 'info'}, log => log.error({err: new Error('no')}, 'It failed.'));
    expect(failed).toMatch(/ ERROR It failed\.\n {4}Error: no\n {8}at /);
  });

  test('for people holds nothing that a terminal obeys, whoever wrote it', () => {
    const [plain] = written({format: 'text', level: 'info'}, log => log.info({model: '\x1b[2J\x9bA\x07'}, 'a\nb'));
    expect(plain).toMatch(/ INFO {2}a\\x0ab {2}model=\\x1b\[2J\\x9bA\\x07\n$/);
    const [failed] = written({format: 'text', level: 'info'}, log => log.error({err: new Error('\x1b]0;no')}, ''));
    expect(failed).toContain('Error: \\x1b]0;no\n');
  });

  test('writes what is grave enough, and nothing when it is off', () => {
    const say = (log: ReturnType<typeof openLog>) => {
      log.debug('a');
      log.info('b');
      log.warn('c');
      log.error('d');
    };
    expect(written({format: 'json', level: 'warn'}, say)).toHaveLength(2);
    expect(written({format: 'off', level: 'debug'}, say)).toEqual([]);
  });
});

// Examples of https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers
describe('traceparent', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const spanId = '00f067aa0ba902b7';
  test('names the trace and the span of the caller', () => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({traceId, spanId, sampled: true});
    expect(parseTraceparent(`00-${traceId}-${spanId}-00`)).toEqual({traceId, spanId, sampled: false});
    expect(parseTraceparent(`cc-${traceId}-${spanId}-01-what-the-future-will-be-like`)).toEqual({
      traceId,
      spanId,
      sampled: true,
    });
  });

  test.each([
    undefined,
    '',
    'x',
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
  ])('%s is none', header => {
    expect(parseTraceparent(header)).toBeNull();
  });
});
