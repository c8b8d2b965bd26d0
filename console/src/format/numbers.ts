/** Figures as people read them: three significant digits, thin spaces between thousands, the unit beside. */

/** The narrow space that does not break a line. */
const THIN = '\u202f';
const NONE = '–';

type Maybe = number | null | undefined;

const missing = (x: Maybe): x is null | undefined => x === null || x === undefined || !Number.isFinite(x);

/** Groups the digits before the point by three, from 10 000 on (and 1 000, for columns that line up). */
function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

const minus = (text: string) => text.replace(/^-/, '−');

/** All digits: `16 902`. For whole numbers in tables. */
export function count(x: Maybe): string {
  return missing(x) ? NONE : minus(grouped(Math.round(x).toString()));
}

/** Three significant digits and a unit of size: `1.47 M`, `16.9 k`, `312`. */
export function compact(x: Maybe): string {
  if (missing(x)) return NONE;
  const size = Math.abs(x);
  for (const [unit, name] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const)
    if (size >= unit) return `${significant(x / (name === 'k' ? 1e3 : unit))}${THIN}${name}`;
  return Number.isInteger(x) ? count(x) : significant(x);
}

/** Three significant digits: `0.0312`, `4.87`, `312`. */
export function significant(x: Maybe): string {
  if (missing(x)) return NONE;
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size < 1e-4)
    return minus(
      x.toExponential(1).replace(/e-(\d+)/, (_, power: string) => `${THIN}×${THIN}10${superscript(-Number(power))}`),
    );
  if (size >= 100 || Number.isInteger(x)) return count(x);
  return minus(x.toPrecision(3));
}

/** At most three significant digits, without zeros at the end: for axes and asides. */
export function short(x: Maybe): string {
  const text = significant(x);
  return /^[−\d.]+$/.test(text) && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Three decimals, for figures between 0 and 1 that are compared down a column. */
export function ratio(x: Maybe, digits = 3): string {
  return missing(x) ? NONE : minus(x.toFixed(digits));
}

/** At an axis: as many decimals as tell one tick from the next, two at least. */
export const ratioTick = (x: Maybe, step: number): string =>
  ratio(x, Math.abs(step * 100 - Math.round(step * 100)) < 1e-6 && step >= 0.01 ? 2 : 3);

/** With its sign: `+0.0094`. */
export function signed(x: Maybe, digits = 4): string {
  if (missing(x)) return NONE;
  return x > 0 ? `+${x.toFixed(digits)}` : minus(x.toFixed(digits));
}

export function percent(x: Maybe): string {
  if (missing(x)) return NONE;
  const value = x * 100;
  const size = Math.abs(value);
  if (size > 0 && size < 0.95) return `${short(Number(value.toPrecision(2)))}${THIN}%`;
  const digits = Number.isInteger(value) || (size >= 10 && size <= 99) ? 0 : 1;
  return `${minus(value.toFixed(digits))}${THIN}%`;
}

/** A value and the range it may have: `0.741 [0.733, 0.749]`. */
export function interval(low: Maybe, high: Maybe, digits = 3): string {
  return missing(low) || missing(high) ? '' : `[${ratio(low, digits)}, ${ratio(high, digits)}]`;
}

/** A time given in microseconds: `61 µs`, `1.24 ms`. */
export function micros(us: Maybe): string {
  if (missing(us)) return NONE;
  if (us < 1_000) return `${us < 100 ? Number(us.toPrecision(3)) : Math.round(us)}${THIN}µs`;
  return us < 1e6 ? `${significant(us / 1_000)}${THIN}ms` : `${significant(us / 1e6)}${THIN}s`;
}

export function bytes(n: Maybe): string {
  if (missing(n)) return NONE;
  if (n < 1e3) return `${n}${THIN}B`;
  return n < 1e6 ? `${significant(n / 1e3)}${THIN}kB` : `${significant(n / 1e6)}${THIN}MB`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** The name of a setting or figure as words: `minRowsInLeaf` is `min rows in leaf`, `onnxRows` is `onnx rows`. */
export function inWords(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
}

function superscript(n: number): string {
  return [...n.toString()].map(digit => (digit === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? ''))).join('');
}
