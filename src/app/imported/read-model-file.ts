import {createHash} from 'node:crypto';
import {readFileSync, realpathSync} from 'node:fs';
import {relative, resolve, sep} from 'node:path';
import {MillraceError} from '../../protocol/index.ts';

export type ModelFile = {readonly path: string; readonly bytes: Uint8Array; readonly sha256: string};

/**
 * Reads a file that must lie inside `folder`, links followed: a project that somebody else wrote serves nothing but its
 * own files. Throws MODEL_INVALID.
 */
export function readModelFile(folder: string, from: string): ModelFile {
  let path: string;
  let bytes: Uint8Array;
  try {
    path = realpathSync(resolve(folder, from));
    const inside = relative(realpathSync(folder), path);
    if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside) throw outside(from);
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError('MODEL_INVALID', `The file '${from}' cannot be read: ${(cause as Error).message}.`, {
      cause,
      fix: 'Put the model where its definition says, relative to the folder of the project file.',
    });
  }
  return {path, bytes, sha256: createHash('sha256').update(bytes).digest('hex')};
}

function outside(from: string): MillraceError {
  return new MillraceError('MODEL_INVALID', `The file '${from}' lies outside the folder of the project.`, {
    fix: 'Copy the model into the folder of the project file; links out of it are not followed.',
  });
}
