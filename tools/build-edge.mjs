// Bundles what exported modules carry (src/app/export/edge/runtime.ts with all it needs of the models, the
// expressions and serving) into one script without imports: dist/edge/runtime.js.
// Run: node tools/build-edge.mjs [file]
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {build} from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = resolve(process.argv[2] ?? join(root, 'dist/edge/runtime.js'));

// Our modules do nothing when they are loaded, so those of which nothing is used are left out, although a door names them.
const withoutSideEffects = {
  name: 'without-side-effects',
  setup({onResolve}) {
    onResolve({filter: /^\./}, ({path, resolveDir}) => ({path: resolve(resolveDir, path), sideEffects: false}));
    onResolve({filter: /^[^./]/}, ({path}) => ({path, external: true, sideEffects: false}));
  },
};

const {outputFiles, metafile} = await build({
  entryPoints: [join(root, 'src/app/export/edge/runtime.ts')],
  bundle: true,
  write: false,
  metafile: true,
  minify: true,
  // An error that nobody catches is shown with its line.
  lineLimit: 200,
  format: 'iife',
  globalName: 'millrace',
  platform: 'neutral',
  target: 'es2022',
  legalComments: 'none',
  plugins: [withoutSideEffects],
});
const {imports} = Object.values(metafile.outputs)[0];
if (imports.length > 0) {
  const who = path =>
    Object.entries(metafile.inputs).flatMap(([name, input]) =>
      input.imports.some(i => i.path === path) ? [name] : [],
    );
  for (const {path} of imports)
    console.error(`The runtime of exports imports '${path}', by way of ${who(path).join(' or ')}.`);
  process.exit(1);
}
const [{contents}] = outputFiles;
mkdirSync(dirname(file), {recursive: true});
writeFileSync(file, contents);
const kB = bytes => `${(bytes / 1_000).toFixed(1)} kB`;
console.error(`edge runtime: ${kB(contents.length)}, ${kB(gzipSync(contents).length)} gzipped`);
