import type {Schema} from '../../protocol/index.ts';
import type {RequestFields} from '../request.ts';

/** A request as a text that stands for it and no other, and back. */
export type RequestText = {
  /** The fields in the order in which the text has them. */
  readonly fields: readonly string[];
  /** Equal for two requests if and only if all fields are equal, to the sign of a zero. */
  encode(request: RequestFields): string;
  decode(text: string): RequestFields;
};

/** The text is a JSON array of the fields' values in the order of their names, so it does not depend on any other order. */
export function requestText(schema: Schema): RequestText {
  const fields = Object.keys(schema).sort();
  return {
    fields,
    encode(request) {
      let text = '[';
      for (let i = 0; i < fields.length; i++) {
        const value = request[fields[i]!];
        if (i > 0) text += ',';
        // JSON.stringify writes the negative zero as 0, and JSON.parse reads -0.
        if (typeof value === 'number') text += Object.is(value, -0) ? '-0' : String(value);
        else text += value === undefined ? 'null' : JSON.stringify(value);
      }
      return `${text}]`;
    },
    decode(text) {
      const values = JSON.parse(text) as RequestFields[string][];
      return Object.fromEntries(fields.map((field, i) => [field, values[i]!]));
    },
  };
}
