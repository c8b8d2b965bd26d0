import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {EventStreamParser} from './event-stream.ts';

describe('server-sent events, taken apart', () => {
  it('gives the data of each completed event and keeps the incomplete one', () => {
    const parser = new EventStreamParser();
    expect(parser.push('data: {"a":1}\n\ndata: {"b"')).toEqual(['{"a":1}']);
    expect(parser.push(':2}\n\n')).toEqual(['{"b":2}']);
  });

  it('joins several data lines, skips comments and other fields, and takes CRLF', () => {
    const parser = new EventStreamParser();
    expect(parser.push(': beat\r\n\r\nevent: tick\r\nid: 7\r\ndata: one\r\ndata:two\r\n\r\n')).toEqual(['one\ntwo']);
  });

  it('gives the same events however the text is cut', () => {
    const payload = fc.string({minLength: 1, unit: fc.constantFrom('a', '{', ' ', ':', 'é')});
    fc.assert(
      fc.property(fc.array(payload, {maxLength: 8}), fc.array(fc.nat(60)), (payloads, cuts) => {
        const text = payloads.map(data => `data: ${data}\n\n`).join('');
        const parser = new EventStreamParser();
        const bounds = [0, ...cuts.map(cut => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const got = bounds.slice(1).flatMap((to, i) => parser.push(text.slice(bounds[i], to)));
        expect(got).toEqual(payloads);
      }),
    );
  });
});
