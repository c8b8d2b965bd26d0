// Values as TypeScript, the way the formatter of a project would leave them.

/** `inRange('fare', {min: 0})`. */
export const callText = (name: string, args: readonly unknown[]): string =>
  `${name}(${args.map(valueText).join(', ')})`;

function valueText(value: unknown): string {
  if (typeof value === 'string') return stringText(value);
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  const entries = Object.entries(value as object).map(([key, of]) => `${key}: ${valueText(of)}`);
  return `{${entries.join(', ')}}`;
}

/** In single quotes; whatever does not print is written by its code. */
function stringText(value: string): string {
  const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replaceAll(/[\u2028\u2029\u007f-\u009f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}

/** Thousands apart by underscores: `6_000`. */
function numberText(value: number): string {
  const [whole, ...rest] = String(value).split(/(?=[.e])/);
  return [whole!.replace(/\B(?=(\d{3})+$)/g, '_'), ...rest].join('');
}
