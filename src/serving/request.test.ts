import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {type JsonValue, MillraceError, t} from '../protocol/index.ts';
import {parseRequest} from './request.ts';

const schema = {
  airport: t.string,
  delay: t.number,
  seats: t.int,
  charter: t.bool,
  departs: t.time,
  zone: t.string.orNull(),
};
const good = {airport: 'ATL', delay: -1.5, seats: 120, charter: false, departs: '2001-04-01T12:00:00Z', zone: 'UTC'};

function failure(instance: unknown, of: Parameters<typeof parseRequest>[0] = schema): MillraceError {
  try {
    parseRequest(of, instance, 'instances[0]');
  } catch (error) {
    expect(error).toBeInstanceOf(MillraceError);
    return error as MillraceError;
  }
  throw new Error('It was accepted.');
}

describe('a request', () => {
  test('is read as the features read it: times in milliseconds, absent nullable fields as null', () => {
    expect(parseRequest(schema, {...good, id: 'x'}, 'instances[0]')).toEqual({
      ...good,
      departs: Date.UTC(2001, 3, 1, 12),
    });
    const {zone: _, ...without} = good;
    expect(parseRequest(schema, without, 'instances[0]').zone).toBeNull();
  });

  test('that is wrong in many ways is told all of them at once', () => {
    const {problems, code} = failure({airprt: 'ATL', delay: '3', seats: 1.5, charter: 1, departs: 'soon', zone: null});
    expect(code).toBe('REQUEST_INVALID');
    expect(problems.map(({path, message}) => [path, message])).toEqual([
      ['instances[0].airport', "'airport' is missing."],
      ['instances[0].delay', `'delay' is "3".`],
      ['instances[0].seats', "'seats' is 1.5."],
      ['instances[0].charter', "'charter' is 1."],
      ['instances[0].departs', `'departs' is "soon".`],
      ['instances[0].airprt', "'airprt' is no field of this request."],
    ]);
    expect(problems.at(-1)!.fix).toBe('Did you mean airport?');
    expect(problems.every(({fix}) => fix !== undefined)).toBe(true);
  });

  test.each([null, 3, 'text', true, [], [good]])('that is no object is refused: %j', instance => {
    expect(failure(instance).message).toBe('instances[0] is not an object.');
  });

  test('takes times with a zone only, and no time that is none', () => {
    const departs = (value: JsonValue) => parseRequest({departs: t.time}, {departs: value}, 'i').departs;
    expect(departs('2001-04-01T14:00:00+02:00')).toBe(Date.UTC(2001, 3, 1, 12));
    expect(departs('2001-04-01')).toBe(Date.UTC(2001, 3, 1));
    expect(departs(986_126_400_000)).toBe(986_126_400_000);
    for (const wrong of ['2001-04-01T12:00', '2001-02-30', 'May 5', '1', '', 1e300, true])
      expect(failure({departs: wrong}, {departs: t.time}).problems, String(wrong)).toHaveLength(1);
  });

  test('says no more than it was told: long names and long lists of unknown fields are cut', () => {
    const many = Object.fromEntries(Array.from({length: 10_000}, (_, i) => [`f${i}`, 1]));
    const {problems, message} = failure({...many});
    expect(message.length + JSON.stringify(problems).length).toBeLessThan(20_000);
    expect(problems.at(-1)?.message).toBe('9980 further fields are none of this request.');
    expect(failure({['x'.repeat(1_000_000)]: 1}).message.length).toBeLessThan(1_000);
  });

  test('says where it is wrong and what was given, infinities too', () => {
    expect(failure({...good, delay: Number.POSITIVE_INFINITY}).message).toBe(
      "instances[0] cannot be answered: 'delay' is Infinity.",
    );
  });

  test('refuses a value of any depth', () => {
    let deep: JsonValue = [];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(failure({...good, airport: deep}).message).toBe(
      "instances[0] cannot be answered: 'airport' is a list of 1.",
    );
    expect(failure({...good, airport: {a: deep}}).problems[0]!.message).toBe("'airport' is an object.");
  });

  test('knows no fields but its own, whatever every object inherits', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      const instance = JSON.parse(`{"airport": "ATL", ${JSON.stringify(name)}: 1}`);
      expect(failure(instance, {airport: t.string}).problems, name).toHaveLength(1);
      if (name !== '__proto__') expect(failure({}, {[name]: t.string}).message, name).toContain('missing');
    }
  });

  test('is answered with fields of the declared types or with problems, never with another error', () => {
    const name = fc.oneof(
      fc.constantFrom(...Object.keys(schema), 'id', 'constructor', 'airpot'),
      fc.string({maxLength: 8}),
    );
    const value = fc.oneof(
      fc.jsonValue({maxDepth: 2}),
      fc.constantFrom('ATL', 1, 1.5, true, null, '2001-04-01T00:00Z', 2 ** 53),
    );
    const instance = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(name, value),
      fc.record(
        {
          ...Object.fromEntries(
            Object.entries(good).map(([k, v]) => [
              k,
              fc.oneof({weight: 9, arbitrary: fc.constant(v)}, {weight: 1, arbitrary: value}),
            ]),
          ),
          extra: value,
        },
        {requiredKeys: []},
      ),
    );
    let accepted = 0;
    fc.assert(
      fc.property(instance, given => {
        try {
          const fields = parseRequest(schema, given, 'instances[0]');
          accepted++;
          expect(Object.keys(fields)).toEqual(Object.keys(schema));
          for (const [field, {type, nullable}] of Object.entries(schema)) {
            const parsed = fields[field];
            if (parsed === null) expect(nullable).toBe(true);
            else expect(typeof parsed).toBe(type === 'string' ? 'string' : type === 'bool' ? 'boolean' : 'number');
            if (type === 'time') expect(new Date(parsed as number).toISOString()).toMatch(/Z$/);
          }
        } catch (error) {
          if (!(error instanceof MillraceError)) throw error;
          expect(error.code).toBe('REQUEST_INVALID');
        }
      }),
      {numRuns: 3_000, seed: 5},
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
