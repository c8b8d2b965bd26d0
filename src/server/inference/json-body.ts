import {isUtf8} from 'node:buffer';
import {MillraceError} from '../../protocol/index.ts';
import {quoteLongIntegers} from '../tensors/exact-integers.ts';

/** JSON of a request: as `JSON.parse` reads it, and once more with all digits of its long integers when those are asked for. */
export class JsonBody {
  readonly #text: string;
  readonly value: unknown;
  #exact: unknown;

  /** Throws REQUEST_INVALID for what is no JSON in UTF-8. */
  constructor(bytes: Buffer) {
    if (!isUtf8(bytes))
      throw new MillraceError('REQUEST_INVALID', 'The body is not UTF-8.', {
        fix: 'Send JSON in UTF-8; if bytes of tensors follow it, give its length in the header Inference-Header-Content-Length.',
      });
    this.#text = bytes.toString('utf8');
    this.value = parse(this.#text);
  }

  /** The same value, with integers of more than 15 digits as strings. */
  exact(): unknown {
    this.#exact ??= JSON.parse(quoteLongIntegers(this.#text));
    return this.#exact;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MillraceError('REQUEST_INVALID', `The body is no JSON: ${(cause as SyntaxError).message}.`, {
      cause,
      fix: 'Send valid JSON. It has no NaN, which is written as null, and no infinities, which are sent as binary data.',
    });
  }
}
