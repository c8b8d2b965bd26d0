// JSON bodies: UTF-8 as it was sent, no deeper than anything here may walk, and told what is wrong with them.
import {isUtf8} from 'node:buffer';
import type {FastifyInstance} from 'fastify';
import {MillraceError} from '../protocol/index.ts';

/** Lists and objects within each other. Deeper ones would end the stack of whoever prints or compares them. */
const MAX_DEPTH = 500;

/** Bodies of a server are JSON and nothing else, as `readJson` reads it. */
export function takeJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>('application/json', {parseAs: 'buffer'}, (_request, body, done) => {
    try {
      done(null, readJson(body));
    } catch (error) {
      done(error as Error);
    }
  });
}

/**
 * The value of a body. Throws REQUEST_INVALID for bytes that are no UTF-8 (they would become another key), for what is no
 * JSON (where), for nesting of more than 500, and for a key '__proto__'.
 */
export function readJson(body: Buffer): unknown {
  if (body.length === 0) throw invalid('The body is empty.', 'Send a JSON body.');
  if (!isUtf8(body)) throw invalid('The body is not UTF-8.', 'Send JSON in UTF-8.');
  if (isDeeperThan(body, MAX_DEPTH))
    throw invalid(`The body is nested more than ${MAX_DEPTH} deep.`, 'Send lists and objects less deep.');
  const text = body.toString('utf8');
  const value = parse(text);
  if (MAY_NAME_PROTO.test(text) && namesProto(value)) throw invalid("The body has a key '__proto__'.", 'Leave it out.');
  return value;
}

/** Whether brackets outside strings are open within each other more than `depth` times. JSON need not be valid. */
export function isDeeperThan(json: Uint8Array, depth: number): boolean {
  if (json.length <= depth) return false;
  let open = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i]!;
    if (byte === QUOTE) {
      for (i++; i < json.length && json[i] !== QUOTE; i++) if (json[i] === BACKSLASH) i++;
    } else if (byte === LIST || byte === OBJECT) {
      if (++open > depth) return true;
    } else if (byte === LIST_END || byte === OBJECT_END) open--;
  }
  return false;
}

const [QUOTE, BACKSLASH, LIST, LIST_END, OBJECT, OBJECT_END] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

function parse(text: string): unknown {
  try {
    // A byte order mark is not part of the text.
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    const fix = 'Send valid JSON; it has neither NaN nor infinities.';
    throw invalid(`The body is no JSON: ${(cause as SyntaxError).message}.`, fix, cause);
  }
}

/** Its letters, plain or escaped: rare enough for a walk through the value. */
const MAY_NAME_PROTO = /__proto__|\\u00[567]/i;

const namesProto = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Object.hasOwn(value, '__proto__') || Object.values(value).some(namesProto));

const invalid = (message: string, fix: string, cause?: unknown): MillraceError =>
  new MillraceError('REQUEST_INVALID', message, cause === undefined ? {fix} : {fix, cause});
