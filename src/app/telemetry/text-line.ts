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
  if (err === undefined) return `${plain(head)}\n`;
  const below = [err.stack ?? err.message, ...(err.fix === undefined ? [] : [err.fix])].join('\n').split('\n');
  return [plain(head), ...below.map(line => `    ${plain(line)}`), ''].join('\n');
}

/** As it is where that is one word, else as JSON. */
const written = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);

/** Without what moves the cursor or clears the screen of whoever reads it: names and messages may come from strangers. */
const plain = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, mark => `\\x${mark.charCodeAt(0).toString(16).padStart(2, '0')}`);
