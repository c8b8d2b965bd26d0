// The examples of the rooms' pages run: in a block that holds `// → value`, each such line must give that value.
import {readdirSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {createJiti} from 'jiti';
import {expect, test} from 'vitest';

const PAGES = resolve(import.meta.dirname, '../../docs/rooms');
const SOURCES = resolve(import.meta.dirname, '../../src');
const CLAIM = /^(?:const (\w+) = )?(.+?);? \/\/ → (.+)$/gm;

type Example = {readonly name: string; readonly room: string; readonly code: string};

function examplesOf(page: string): Example[] {
  const room = page.replace('.md', '');
  const blocks = readFileSync(join(PAGES, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm);
  return [...blocks]
    .map(([, code]) => code!)
    .filter(code => code.includes('// →'))
    .map((code, i) => ({name: `${page}, example ${i + 1}`, room, code}));
}

const examples = readdirSync(PAGES).sort().flatMap(examplesOf);

test.each(examples)('$name gives what it says', async ({room, code}) => {
  const claims: {readonly text: string; readonly got: unknown; readonly want: unknown}[] = [];
  const checked = code.replace(CLAIM, (_, name: string | undefined, expression: string, value: string) => {
    const claim = `claim(${JSON.stringify(expression)}, ${name ?? `await (${expression})`}, ${value});`;
    return name === undefined ? claim : `const ${name} = await (${expression}); ${claim}`;
  });
  const jiti = createJiti(import.meta.url, {interopDefault: false});
  const module = (await jiti.evalModule(
    `export async function run(claim) {\n${body(checked)}\n}\n${imports(checked)}`,
    {
      filename: join(SOURCES, room, 'example.ts'),
      ext: '.ts',
      async: true,
    },
  )) as {run: (claim: (text: string, got: unknown, want: unknown) => void) => Promise<void>};
  await module.run((text, got, want) => claims.push({text, got, want}));
  expect(claims.length).toBe(code.match(/\/\/ → /g)!.length);
  for (const {text, got, want} of claims) expect(got, text).toEqual(want);
});

test('there are pages with such examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(5);
});

const IMPORT = /^import [\s\S]*?;$/gm;
const imports = (code: string): string => (code.match(IMPORT) ?? []).join('\n');
const body = (code: string): string => code.replaceAll(IMPORT, '');
