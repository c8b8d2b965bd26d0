// Reads Prometheus' text format as strictly as it is written down: docs/instrumenting/exposition_formats.
export type Series = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

/** Throws for a line that is none, for a type that is told twice, and for a series that comes twice. */
export function parseExposition(text: string): Series[] {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.');
  const types = new Set<string>();
  const seen = new Set<string>();
  return text
    .slice(0, -1)
    .split('\n')
    .flatMap(line => {
      if (line.startsWith('# TYPE ')) {
        const [, , name] = line.split(' ');
        if (types.has(name!)) throw new Error(`${name} has two types.`);
        types.add(name!);
      }
      if (line === '' || line.startsWith('#')) return [];
      const series = parseLine(line);
      const key = JSON.stringify([series.name, Object.entries(series.labels).sort()]);
      if (seen.has(key)) throw new Error(`${line}: comes twice.`);
      seen.add(key);
      return [series];
    });
}

function parseLine(line: string): Series {
  const match = /^([^{\s]+)(?:\{(.*)\})? (\S+)$/s.exec(line);
  if (!match || !NAME.test(match[1]!)) throw new Error(`${line}: is no sample.`);
  const [, name, inside = '', written] = match;
  const labels: Record<string, string> = {};
  for (LABEL.lastIndex = 0; LABEL.lastIndex < inside.length; ) {
    const label = LABEL.exec(inside);
    if (!label) throw new Error(`${line}: has labels that are none.`);
    labels[label[1]!] = label[2]!.replaceAll(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));
  }
  const value = written === '+Inf' ? Number.POSITIVE_INFINITY : written === '-Inf' ? -1 / 0 : Number(written);
  if (Number.isNaN(value) && written !== 'Nan' && written !== 'NaN') throw new Error(`${line}: has no value.`);
  return {name: name!, labels, value};
}
