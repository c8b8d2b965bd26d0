// Expressions made of several others.
import {call, Expression, type Operand, type Widened, wholeNumber} from './expression.ts';

/** The value of the first condition that is true, else `otherwise`. */
export function caseOf<V>(
  cases: readonly (readonly [when: Expression<boolean | null>, then: Operand<V>])[],
  otherwise: Operand<V>,
): Expression<Widened<V>> {
  const chosen = cases.reduceRight<Operand<V>>((rest, [when, then]) => call<V>('choose', when, then, rest), otherwise);
  return chosen instanceof Expression ? (chosen as Expression<Widened<V>>) : call('coalesce', chosen, chosen);
}

/** The first value that is not null. */
export function coalesce<V>(first: Expression<V>, ...others: [Operand<V>, ...Operand<V>[]]): Expression<V> {
  return call('coalesce', first, ...others);
}

/** A point on the globe, in degrees. */
export type Place = {readonly latitude: Operand<number | null>; readonly longitude: Operand<number | null>};

/** Length of the shortest way on a sphere (haversine). Null for a latitude beyond 90° or a longitude beyond 360°. */
export function distance(from: Place, to: Place, unit: 'm' | 'km' = 'km'): Expression<number | null> {
  const metres = call<number | null>('distance', from.latitude, from.longitude, to.latitude, to.longitude);
  return unit === 'm' ? metres : metres.over(1_000);
}

/** Direction in which the shortest way begins: degrees clockwise from north, 0 to 360; null between a place and itself. */
export function bearing(from: Place, to: Place): Expression<number | null> {
  return call('bearing', from.latitude, from.longitude, to.latitude, to.longitude);
}

/** A value that comes round, such as an hour of 24, as a point on a circle: 23 is as near to 0 as to 22. */
export function cyclic(
  x: Expression<number | null>,
  period: number,
): {readonly sin: Expression<number | null>; readonly cos: Expression<number | null>} {
  const angle = x.times((2 * Math.PI) / period);
  return {sin: angle.sin(), cos: angle.cos()};
}

/**
 * A text as numbers: how many of its words fall into each of `buckets` buckets, one feature for each, named
 * `<name>_<bucket>`. Words are lower-cased runs of characters other than white space and ASCII punctuation.
 */
export function hashedWords<N extends string>(
  text: Expression<string | null>,
  {buckets, name}: {readonly buckets: number; readonly name: N},
): Readonly<Record<`${N}_${number}`, Expression<number | null>>> {
  wholeNumber('buckets', buckets, 1, 4_096);
  const counts = Array.from({length: buckets}, (_, bucket) => [
    `${name}_${bucket}`,
    call<number | null>('hashedWords', text, buckets, bucket),
  ]);
  return Object.freeze(Object.fromEntries(counts));
}
