// Arithmetic on float64. Sums, products, quotients and roots are rounded alike everywhere; sin, cos, exp, log
// and powers come from each language's own library and may differ in the last bits.
import {inBoth, once, onceEach} from '../once.ts';
import {type Dialect, type FunctionSpec, finite, infixText, prefixText} from './function-spec.ts';

const BINARY = {takes: ['number', 'number'], result: 'number', overflows: true, carries: 2, infix: true} as const;
const UNARY = {takes: ['number'], result: 'number'} as const;

/** From here on every float64 is whole. */
const WHOLE = '4503599627370496e0';
const sameCall = (name: string) => (a: string) => `${name}(${a})`;
/** Spark rounds to BIGINT, which overflows. */
const wholeInSpark = (name: string) => (a: string) =>
  once('spark', a, x => `(CASE WHEN abs(${x}) < ${WHOLE} THEN CAST(${name}(${x}) AS DOUBLE) ELSE ${x} END)`);

export const ARITHMETIC = {
  plus: {...BINARY, js: (a: number, b: number) => finite(a + b), sql: infixText('+'), text: infixText('+')},
  minus: {...BINARY, js: (a: number, b: number) => finite(a - b), sql: infixText('-'), text: infixText('-')},
  times: {...BINARY, js: (a: number, b: number) => finite(a * b), sql: infixText('*'), text: infixText('×')},
  over: {
    ...BINARY,
    carries: 1,
    js: (a: number, b: number) => finite(a / b),
    sql: {duckdb: infixText('/'), spark: (a, b) => `try_divide(${a}, ${b})`},
    text: infixText('÷'),
  },
  modulo: {
    ...BINARY,
    carries: 0,
    js: modulo,
    sql: inBoth(dialect => (a, b) => {
      // DuckDB's fmod() rounds; its % is exact.
      const rest = dialect === 'duckdb' ? `(${a} % ${b})` : `(${a} % nullif(${b}, 0e0))`;
      return onceEach(
        dialect,
        [rest, b],
        (r, y) => `(CASE WHEN ${r} * sign(${y}) < 0e0 THEN ${r} + ${y} ELSE ${r} END)`,
      );
    }),
    text: infixText('modulo'),
  },
  power: {
    ...BINARY,
    carries: 0,
    js: (a: number, b: number) => finite(a ** b),
    sql: prefixText('pow'),
    text: infixText('^'),
  },
  negate: {...UNARY, carries: 1, overflows: true, js: (a: number) => -a, sql: a => `(- ${a})`, text: a => `-${a}`},
  absolute: {
    ...UNARY,
    carries: 1,
    overflows: true,
    js: (a: number) => Math.abs(a),
    sql: sameCall('abs'),
    text: sameCall('abs'),
  },
  sign: {...UNARY, js: (a: number) => Math.sign(a), sql: a => `CAST(sign(${a}) AS DOUBLE)`, text: sameCall('sign')},
  floor: {
    ...UNARY,
    js: (a: number) => Math.floor(a),
    sql: {duckdb: sameCall('floor'), spark: wholeInSpark('floor')},
    text: sameCall('floor'),
  },
  ceil: {
    ...UNARY,
    js: (a: number) => Math.ceil(a),
    sql: {duckdb: sameCall('ceil'), spark: wholeInSpark('ceil')},
    text: sameCall('ceil'),
  },
  /** To the nearest whole number, halves away from zero. */
  round: {
    ...UNARY,
    js: (a: number) => (a < 0 ? -Math.round(-a) : Math.round(a)),
    sql: sameCall('round'),
    text: sameCall('round'),
  },
  sqrt: {
    ...UNARY,
    js: (a: number) => finite(Math.sqrt(a)),
    sql: inBoth(dialect => a => once(dialect, a, x => `sqrt(CASE WHEN ${x} >= 0e0 THEN ${x} END)`)),
    text: sameCall('sqrt'),
  },
  exp: {...UNARY, overflows: true, js: (a: number) => finite(Math.exp(a)), sql: sameCall('exp'), text: sameCall('exp')},
  log: {
    ...UNARY,
    js: (a: number) => finite(Math.log(a)),
    sql: inBoth(dialect => a => once(dialect, a, x => `ln(CASE WHEN ${x} > 0e0 THEN ${x} END)`)),
    text: sameCall('log'),
  },
  log1p: {
    ...UNARY,
    js: (a: number) => finite(Math.log1p(a)),
    sql: {duckdb: log1pInDuckDb, spark: sameCall('log1p')},
    text: sameCall('log1p'),
  },
  sin: {...UNARY, js: (a: number) => Math.sin(a), sql: sameCall('sin'), text: sameCall('sin')},
  cos: {...UNARY, js: (a: number) => Math.cos(a), sql: sameCall('cos'), text: sameCall('cos')},
  /** The larger of two. SQL's greatest() would skip nulls. */
  larger: {
    takes: ['number', 'number'],
    result: 'number',
    js: (a: number, b: number) => (a >= b ? a : b),
    sql: inBoth(dialect => extreme(dialect, '>')),
    text: prefixText('larger'),
  },
  smaller: {
    takes: ['number', 'number'],
    result: 'number',
    js: (a: number, b: number) => (a <= b ? a : b),
    sql: inBoth(dialect => extreme(dialect, '<')),
    text: prefixText('smaller'),
  },
  /** How many of the edges are at most x: 0 below the first, n from the last on. */
  bucket: {
    takes: ['number', 'number'],
    rest: true,
    result: 'int',
    js: (x: number, ...edges: number[]) => edges.filter(edge => edge <= x).length,
    prepare:
      (...edges: number[]) =>
      (x: number) =>
        bucketOf(x, edges),
    sql: inBoth(
      dialect =>
        (a, ...edges) =>
          once(
            dialect,
            a,
            x =>
              `(CASE WHEN ${x} IS NULL THEN NULL ${edges.map((edge, i) => `WHEN ${x} < ${edge} THEN ${i}e0`).join(' ')} ELSE ${edges.length}e0 END)`,
          ),
    ),
    text: (a, ...edges) => `bucket of ${a} in [${edges.join(', ')}]`,
  },
} as const satisfies Record<string, FunctionSpec>;

/** With the sign of the divisor, so that -1 modulo 24 is 23; the remainder itself is exact. */
function modulo(a: number, b: number): number | null {
  const rest = a % b;
  return finite(rest * Math.sign(b) < 0 ? rest + b : rest);
}

/** ln(u) · x / (u - 1) for u = 1 + x: what rounding took from u is taken from both (Kahan; HP-15C handbook, 1982). */
function log1pInDuckDb(a: string): string {
  return once('duckdb', a, x => {
    const u = `(1e0 + ${x})`;
    return `(CASE WHEN ${x} <= -1e0 THEN NULL WHEN ${u} = 1e0 THEN ${x} WHEN abs(${x}) < 1e0 THEN ln(${u}) * ${x} / (${u} - 1e0) ELSE ln(${u}) END)`;
  });
}

function extreme(dialect: Dialect, sign: '<' | '>') {
  return (a: string, b: string) =>
    onceEach(
      dialect,
      [a, b],
      (x, y) => `(CASE WHEN ${x} ${sign}= ${y} THEN ${x} WHEN ${y} ${sign} ${x} THEN ${y} END)`,
    );
}

function bucketOf(x: number, edges: readonly number[]): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
