/** What the server calls itself to those who ask. */
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';

/** Package of this code: the same from `src/server` and from `dist/server`. */
const MANIFEST = resolve(import.meta.dirname, '../../package.json');

export const PRODUCT = 'millrace';
export const VERSION: string = (JSON.parse(readFileSync(MANIFEST, 'utf8')) as {version: string}).version;
