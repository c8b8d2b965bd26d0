import {existsSync, statSync} from 'node:fs';
import {basename, dirname, join, relative, resolve, sep} from 'node:path';
import {pathToFileURL} from 'node:url';
import {createJiti} from 'jiti';
import {MillraceError} from '../../protocol/index.ts';
import {collectProject, type Project} from './project.ts';

const FILE_NAMES = ['millrace.ts', 'millrace.mjs', 'millrace.js'];

/** The project file for a path: the file itself, or the one in that folder. Throws PROJECT_NOT_FOUND. */
function findProjectFile(path: string): string {
  const full = resolve(path);
  if (!existsSync(full))
    throw new MillraceError('PROJECT_NOT_FOUND', `There is nothing at ${full}.`, {
      fix: 'Name a project file or its folder with --project, or make one: millrace init.',
    });
  if (!statSync(full).isDirectory()) return full;
  const found = FILE_NAMES.map(name => join(full, name)).find(file => existsSync(file));
  if (found) return found;
  throw new MillraceError('PROJECT_NOT_FOUND', `There is no ${FILE_NAMES.join(', ')} in ${full}.`, {
    fix: 'Name a project file or its folder with --project, or make one: millrace init.',
  });
}

/** The same error with the line of the project's code that it was thrown under; a name that is not known there is a mistake in the definition. */
function withPlace(error: MillraceError, folder: string): MillraceError {
  const frame = error.stack
    ?.split('\n')
    .find(line => line.includes(`${folder}${sep}`) && !line.includes('node_modules'));
  const place = frame === undefined ? null : /([^(\s]+):(\d+):\d+\)?$/.exec(frame.slice(frame.indexOf(folder)));
  const where = place === null ? '' : `${relative(folder, place[1]!)}, line ${place[2]}: `;
  const {code, message, fix, problems} = error;
  return new MillraceError(code === 'NAME_UNKNOWN' ? 'DEFINITION_INVALID' : code, `${where}${message}`, {
    cause: error.cause,
    problems,
    ...(fix === undefined ? {} : {fix}),
  });
}

/**
 * Loads a project file (TypeScript or JavaScript; it is code of the user's own and runs). Throws
 * PROJECT_FAILED with the cause when it throws, PROJECT_INVALID when it defines nothing, DEFINITION_INVALID with the line
 * of a definition that is wrong.
 */
export async function loadProject(path: string): Promise<Project> {
  const file = findProjectFile(path);
  const self = resolve(import.meta.dirname, '../..', import.meta.filename.endsWith('.ts') ? 'index.ts' : 'index.js');
  let exports: Record<string, unknown>;
  try {
    // The project shares this very instance of the package, so that its errors are recognised as ours.
    const millrace: unknown = await import(pathToFileURL(self).href);
    const jiti = createJiti(import.meta.url, {virtualModules: {millrace}, interopDefault: false, moduleCache: true});
    exports = await jiti.import<Record<string, unknown>>(file);
  } catch (cause) {
    if (cause instanceof MillraceError) throw withPlace(cause, dirname(file));
    throw new MillraceError(
      'PROJECT_FAILED',
      `The project file ${file} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      {cause, fix: 'Mend the file; the cause is above.'},
    );
  }
  const project = collectProject(basename(dirname(file)), dirname(file), exports);
  if (project.sources.length === 0 && project.imported.length === 0)
    throw new MillraceError('PROJECT_INVALID', `The project file ${file} exports no definition.`, {
      fix: 'Export what events(), featureView(), model() and importedModel() return.',
    });
  return project;
}
