import {join, resolve} from 'node:path';

/** Root of the installed package: the same from `src/cli` and from `dist/cli`. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** The project that `quickstart` runs unless told otherwise. */
export const EXAMPLE = join(ROOT, 'examples/flights');

/** Where the templates of `init` lie. */
export const TEMPLATES = join(ROOT, 'templates');

export const MANIFEST = join(ROOT, 'package.json');
