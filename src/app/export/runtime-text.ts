import {readFile} from 'node:fs/promises';
import {MillraceError} from '../../protocol/index.ts';

/** Beside the compiled code, whether this file runs from there or from its source. */
const FILE = new URL('../../../dist/edge/runtime.js', import.meta.url);

/** The script that modules carry, which the build makes. Throws PACKAGE_MISSING where it was not made. */
export async function runtimeText(): Promise<string> {
  try {
    return await readFile(FILE, 'utf8');
  } catch (cause) {
    throw new MillraceError('PACKAGE_MISSING', 'The runtime of exported modules, dist/edge/runtime.js, is not there.', {
      cause,
      fix: 'Install the package again; in its repository run: npm run build:edge',
    });
  }
}
