/** A line of the log for people: `2024-01-05 12:00:00.000 WARN  what happened  model=lateness`, and the stack below it. */

type Line = {
  readonly time: string;
  readonly level: string;
  readonly message?: string;
  readonly err?: {readonly message: string; readonly stack?: string; readonly fix?: string};
  readonly [field: string]: unknown;
};

export function textLine(json: string): string {
  const {time, level, message = '', err, ...fields} = JSON.parse(json) as Line;
  const more = Object.entries(fields).map(([name, value]) => `${name}=${written(value)}`);
  const head = `${time.slice(0, 23).replace('T', ' ')} ${level.toUpperCase().padEnd(5)} ${[message, ...more].filter(text => text !== '').join('  ')}`;
  if (err === undefined) return `${head}\n`;
  const below = [err.stack ?? err.message, ...(err.fix === undefined ? [] : [err.fix])].join('\n');
  return `${head}\n${below.replaceAll(/^/gm, '    ')}\n`;
}

/** As it is where that is one word, else as JSON. */
const written = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
