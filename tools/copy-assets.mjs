// Copies what the compiler leaves behind: every src/**/*.wasm goes to the same place under dist/.
// Run: node tools/copy-assets.mjs [dist]
import {copyFileSync, existsSync, mkdirSync, readdirSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');
const dist = resolve(process.argv[2] ?? join(root, 'dist'));

if (!existsSync(join(src, 'training/kernel/histogram.wasm'))) {
  console.error('The training kernel is not built. Run: npm run build:kernel');
  process.exit(1);
}
for (const entry of readdirSync(src, {recursive: true, withFileTypes: true})) {
  if (!entry.isFile() || !entry.name.endsWith('.wasm')) continue;
  const from = join(entry.parentPath, entry.name);
  const to = join(dist, relative(src, from));
  mkdirSync(dirname(to), {recursive: true});
  copyFileSync(from, to);
}
