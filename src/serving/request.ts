import {
  type JsonValue,
  MillraceError,
  nearest,
  type Problem,
  parseTime,
  type Schema,
  type Type,
  type Value,
} from '../protocol/index.ts';

/** Fields of a request as the features read them: times in milliseconds. */
export type RequestFields = Readonly<Record<string, Value>>;

const EXPECTED: Record<Type<unknown>['type'], string> = {
  string: 'a string',
  number: 'a finite number',
  int: 'a whole number of at most 2^53 - 1 in size',
  bool: 'true or false',
  time: 'an ISO 8601 time with its zone, or whole milliseconds since 1970 (UTC)',
};

/** Unknown fields that are told one by one, and how much of a name is repeated: an answer is not larger than its request. */
const TOLD = 20;
const LONGEST = 80;

const MAX_TIME_MS = 8.64e15;
/** Half a surrogate pair has no UTF-8 form: it would come back from the log as another text. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The value as the features read it; undefined if it does not fit the type. */
function parse(value: JsonValue, {type}: Type<unknown>): Value | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' && !LONE_SURROGATE.test(value) ? value : undefined;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'int':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'time':
      if (typeof value === 'string') return parseTime(value);
      return Number.isInteger(value) && Math.abs(value as number) <= MAX_TIME_MS ? (value as number) : undefined;
  }
}

/** Checks one instance against the request's schema. Throws REQUEST_INVALID with all problems at once. */
export function parseRequest(schema: Schema, instance: unknown, path: string): RequestFields {
  const problems: Problem[] = [];
  const fields: Record<string, Value> = {};
  if (instance === null || typeof instance !== 'object' || Array.isArray(instance))
    throw new MillraceError('REQUEST_INVALID', `${path} is not an object.`, {
      fix: `Give the fields ${Object.keys(schema).join(', ')}.`,
    });
  const given = instance as Record<string, JsonValue>;
  for (const [name, type] of Object.entries(schema)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) {
      if (!type.nullable)
        problems.push({
          path: `${path}.${name}`,
          message: `'${name}' is ${value === null ? 'null' : 'missing'}.`,
          fix: `Give ${EXPECTED[type.type]}.`,
        });
      fields[name] = null;
      continue;
    }
    const parsed = parse(value, type);
    if (parsed === undefined)
      problems.push({
        path: `${path}.${name}`,
        message: `'${name}' is ${shown(value)}.`,
        fix: `Give ${EXPECTED[type.type]}.`,
      });
    else fields[name] = parsed;
  }
  const unknown = Object.keys(given).filter(name => !Object.hasOwn(schema, name) && name !== 'id');
  for (const name of unknown.slice(0, TOLD)) problems.push(unknownField(schema, name, path));
  if (unknown.length > TOLD)
    problems.push({path, message: `${unknown.length - TOLD} further fields are none of this request.`});
  if (problems.length > 0)
    throw new MillraceError(
      'REQUEST_INVALID',
      `${path} cannot be answered: ${problems.map(p => p.message).join(' ')}`,
      {problems},
    );
  return fields;
}

/** Without walking into it: a value may be nested deeper than the stack. JSON has no word for infinities. */
function shown(value: JsonValue): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'number' ? String(value) : JSON.stringify(value).slice(0, LONGEST);
}

function unknownField(schema: Schema, name: string, path: string): Problem {
  const near = nearest(name, Object.keys(schema));
  const shown = name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
  return {
    path: `${path}.${shown}`,
    message: `'${shown}' is no field of this request.`,
    fix:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : `Leave it out; allowed are ${Object.keys(schema).join(', ')}.`,
  };
}
