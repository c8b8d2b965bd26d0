import {percent, wholeNumber} from '../../alerts/words.ts';
import {LEAST_ROWS, WIDENED} from './numeric-suggestions.ts';
import type {Suggestion} from './suggestion.ts';

/** What the suggestions were learned from. */
export type Learned = {readonly model: string; readonly version: number; readonly rows: number};

/** The suggestions as a TypeScript module to be pasted, each with its reason. */
export function suggestionsText({model, version, rows}: Learned, suggestions: readonly Suggestion[]): string[] {
  const from = `${wholeNumber(rows)} training rows of version ${version} of '${oneLine(model)}'`;
  if (suggestions.length === 0)
    return [`// Nothing can be learned from the ${from}: ${LEAST_ROWS} rows with a value are needed.`].map(plain);
  const used = ['inRange', 'nullShare', 'oneOf', 'finite', 'varies', 'served']
    .filter(name => suggestions.some(({code}) => code.startsWith(`${name}(`) || code.includes(`(${name}(`)))
    .sort();
  return [
    `// Learned from the ${from}.`,
    `// Ranges are widened by ${percent(WIDENED)} of their width on each side, but not across 0; shares leave room for chance.`,
    "// Each opens a ticket when it is broken. Where it is a contract that should page: served(…, {severity: 'page'}).",
    `import {${used.join(', ')}} from 'millrace';`,
    '',
    '// monitor: monitorPolicy({quality: [...quality, …]})',
    'export const quality = [',
    ...suggestions.flatMap(({code, why}) => [`  // ${oneLine(why)}`, `  ${code},`]),
    '];',
  ].map(plain);
}

/** Thousands apart by commas, as source text is kept plain. */
const plain = (line: string): string => line.replaceAll('\u2009', ',');

/** A name may hold a line break; a comment may not. */
const oneLine = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ');
