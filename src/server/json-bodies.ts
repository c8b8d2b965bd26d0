// JSON bodies: UTF-8 as it was sent, no deeper than anything here may walk, and told what is wrong with them.
import {isUtf8} from 'node:buffer';
import type {FastifyInstance} from 'fastify';
import {MillraceError} from '../protocol/index.ts';

/** Lists and objects within each other. Deeper ones would end the stack of whoever prints or compares them. */
const MAX_DEPTH = 500;

/**
 * Bodies are JSON and nothing else. Throws REQUEST_INVALID for bytes that are no UTF-8 (they would become another key),
 * for what is no JSON (where), for nesting of more than 500, and for keys that would reach a prototype.
 */
export function takeJsonBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>('application/json', {parseAs: 'buffer'}, (request, body, done) => {
    if (!isUtf8(body)) return done(invalid('The body is not UTF-8.', 'Send JSON in UTF-8.'));
    if (isDeeperThan(body, MAX_DEPTH))
      return done(invalid(`The body is nested more than ${MAX_DEPTH} deep.`, 'Send lists and objects less deep.'));
    const text = body.toString('utf8');
    parse(request, text, (error, value) => (error && text !== '' ? done(whyNoJson(text)) : done(error, value)));
  });
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

function whyNoJson(text: string): MillraceError {
  try {
    JSON.parse(text);
  } catch (cause) {
    const fix = 'Send valid JSON; it has neither NaN nor infinities.';
    return invalid(`The body is no JSON: ${(cause as SyntaxError).message}.`, fix, cause);
  }
  return invalid("The body has a key '__proto__', or 'prototype' in a 'constructor'.", 'Leave it out.');
}

const invalid = (message: string, fix: string, cause?: unknown): MillraceError =>
  new MillraceError('REQUEST_INVALID', message, cause === undefined ? {fix} : {fix, cause});
