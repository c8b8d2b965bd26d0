import {hash53} from '../../../math/index.ts';
import {isNull, type ServedRow, type ServedValue} from './tally.ts';

/** Longer texts are remembered by their hash: two of a hundred thousand fall together with odds of one in a million. */
const LONGEST_KEPT = 64;

/** A value, or several, as one key of a set; null if one of them is null. */
export function valueKey(places: readonly number[]): (row: ServedRow) => string | number | null {
  const only = places[0]!;
  if (places.length === 1) {
    return row => {
      const value = row[only]!;
      return isNull(value) ? null : shortened(value!);
    };
  }
  return row => {
    const values = places.map(place => row[place]!);
    return values.some(isNull) ? null : shortened(JSON.stringify(values));
  };
}

const shortened = (value: NonNullable<ServedValue>): string | number =>
  typeof value === 'string' && value.length > LONGEST_KEPT ? `#${value.length}:${hash53(value)}` : value;
