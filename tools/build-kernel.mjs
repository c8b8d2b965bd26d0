// Compiles the training kernel from AssemblyScript to src/training/kernel/histogram.wasm.
// Run: node tools/build-kernel.mjs. Tests, tsx and the build read the result from there.
import {fileURLToPath} from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const {error, stderr} = await asc.main([
  'src/training/kernel/assembly/index.ts',
  '--baseDir',
  root,
  '--outFile',
  'src/training/kernel/histogram.wasm',
  '-O3',
  '--converge',
  '--noAssert',
  '--runtime',
  'stub',
  // One shared memory, made by the caller and seen by every thread.
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
  '--enable',
  'simd,threads,bulk-memory',
]);
if (error) {
  console.error(stderr.toString());
  console.error(`The training kernel did not compile: ${error.message}`);
  process.exit(1);
}
