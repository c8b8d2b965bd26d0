/** Figures in words, the same in every report. */

/** Three significant digits, thousands apart: `12 300`, `0.0421`. */
export function figure(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(2).replace('-', '−');
  const text = size >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  const [whole, part] = text.replace('-', '').split('.') as [string, string | undefined];
  return `${value < 0 ? '−' : ''}${grouped(whole)}${part === undefined ? '' : `.${part}`}`;
}

/** Four digits are read at a glance; more are grouped. */
const grouped = (digits: string): string => (digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, '\u202f') : digits);

/** `17.9 %`; less than a thousandth as what it is. */
export function share(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value > 0 && value < 0.001) return '< 0.1 %';
  return `${Number((value * 100).toFixed(1))} %`;
}

export const rows = (count: number): string => `${grouped(String(Math.round(count)))} ${count === 1 ? 'row' : 'rows'}`;

/** A value of the data, cut where it is long, in quotes. */
export function shown(value: string): string {
  const line = value.replace(/\s+/g, ' ');
  return `'${line.length > 32 ? `${line.slice(0, 31)}…` : line}'`;
}

/** `a`, `a and b`, `a, b and 4 more`. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? '';
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** A p-value: `0.034`, `< 0.001`. */
export function probability(pValue: number | null): string {
  if (pValue === null) return '–';
  return pValue < 0.001 ? '< 0.001' : figure(Number(pValue.toPrecision(2)));
}
