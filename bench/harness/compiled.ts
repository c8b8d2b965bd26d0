// Benchmarks measure what is installed: JavaScript from the compiler. A runner of TypeScript wraps every named
// function to keep its name, which a closure in a hot loop pays for each time it is made.
import {spawnSync} from 'node:child_process';
import {copyFileSync, existsSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** Compiles src and bench to bench/dist (`MILLRACE_BENCH_COMPILED=1` says that this was just done). */
export function compile(): void {
  if (process.env.MILLRACE_BENCH_COMPILED === '1') return;
  if (!existsSync(join(root, 'src/training/kernel/histogram.wasm'))) run('tools/build-kernel.mjs');
  run(compiler, '-p', 'bench/tsconfig.json', '--noCheck');
  run('tools/copy-assets.mjs', 'bench/dist/src');
  // Servers tell their version, which stands there.
  copyFileSync(join(root, 'package.json'), join(root, 'bench/dist/package.json'));
}

/**
 * Runs `main`, compiled: when the calling file is TypeScript it is compiled and run again by plain Node with the
 * same arguments, in a process of its own.
 */
export async function runCompiled(file: string, main: () => Promise<void>): Promise<void> {
  if (!file.endsWith('.ts')) return main();
  compile();
  process.exitCode = run(join('bench/dist/bench', basename(file).replace(/ts$/, 'js')), ...process.argv.slice(2));
}

function run(script: string, ...args: readonly string[]): number {
  const {status} = spawnSync(process.execPath, [script, ...args], {cwd: root, stdio: ['ignore', 'inherit', 'inherit']});
  if (status !== 0) throw new Error(`${script} ended with ${status}.`);
  return status;
}
