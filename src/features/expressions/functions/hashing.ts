// Strings into a space of given size: the first 32 bits of their MD5, modulo the size.
import type {Value} from '../../../protocol/index.ts';
import {md5Prefix} from '../md5.ts';
import type {FunctionSpec} from './function-spec.ts';
import {lower} from './letter-case.ts';
import {wordsSql} from './text.ts';
import {wordsOf} from './words.ts';

/** Distinct strings remembered per bound expression, and counters of words per space. */
const REMEMBERED = 10_000;
const REMEMBERED_COUNTERS = 1_000_000;

/** When `most` strings are known, all are forgotten: the frequent ones are soon back. */
function remembered<V extends Value | Uint32Array>(compute: (text: string) => V, most: number): (text: string) => V {
  const known = new Map<string, V>();
  return text => {
    let value = known.get(text);
    if (value === undefined) {
      value = compute(text);
      if (known.size >= most) known.clear();
      known.set(text, value);
    }
    return value;
  };
}

const bucketOf = (text: string, buckets: number, seed: number): number =>
  md5Prefix(seed === 0 ? text : `${seed}:${text}`) % buckets;

/** A seed is put before the text; 0 leaves it as it is. Literals are DOUBLEs, such as 42e0. */
const seeded = (text: string, seed: string): string => (Number(seed) === 0 ? text : `'${Number(seed)}:' || ${text}`);
const hashInDuckDb = (text: string, buckets: string): string =>
  `(CAST('0x' || left(md5(${text}), 8) AS BIGINT) % ${Number(buckets)})`;
const hashInSpark = (text: string, buckets: string): string =>
  `(CAST(conv(left(md5(${text}), 8), 16, 10) AS BIGINT) % ${Number(buckets)})`;

/** Words of each text by bucket, shared by all expressions of one space. */
const wordCounts = new Map<number, (text: string) => Uint32Array>();

function wordCountsIn(buckets: number): (text: string) => Uint32Array {
  let counts = wordCounts.get(buckets);
  if (counts === undefined) {
    counts = remembered(text => {
      const found = new Uint32Array(buckets);
      for (const word of wordsOf(lower(text))) {
        const bucket = bucketOf(word, buckets, 0);
        found[bucket] = found[bucket]! + 1;
      }
      return found;
    }, REMEMBERED_COUNTERS / buckets);
    wordCounts.set(buckets, counts);
  }
  return counts;
}

export const HASHING = {
  hash: {
    takes: ['string', 'number', 'number'],
    result: 'int',
    js: bucketOf,
    prepare: (buckets: number, seed: number) => remembered(text => bucketOf(text, buckets, seed), REMEMBERED),
    sql: {
      duckdb: (a, buckets, seed) => `CAST(${hashInDuckDb(seeded(a, seed), buckets)} AS DOUBLE)`,
      spark: (a, buckets, seed) => `CAST(${hashInSpark(seeded(a, seed), buckets)} AS DOUBLE)`,
    },
    text: (a, buckets, seed) => `hash of ${a} into ${buckets}${seed === '0' ? '' : `, seed ${seed}`}`,
  },
  /** How many words of a text fall into one bucket. */
  hashedWords: {
    takes: ['string', 'number', 'number'],
    result: 'int',
    js: (text: string, buckets: number, bucket: number) => wordCountsIn(buckets)(text)[bucket]!,
    prepare: (buckets: number, bucket: number) => {
      const counts = wordCountsIn(buckets);
      return (text: string) => counts(text)[bucket]!;
    },
    sql: {
      duckdb: (a, buckets, bucket) =>
        `CAST(len(list_filter(${wordsSql.duckdb(a)}, lambda w: w <> '' AND ${hashInDuckDb('w', buckets)} = ${bucket})) AS DOUBLE)`,
      spark: (a, buckets, bucket) =>
        `CAST(array_size(filter(${wordsSql.spark(a)}, w -> w <> '' AND ${hashInSpark('w', buckets)} = ${bucket})) AS DOUBLE)`,
    },
    text: (a, buckets, bucket) => `words of ${a} in bucket ${bucket} of ${buckets}`,
  },
} as const satisfies Record<string, FunctionSpec>;
