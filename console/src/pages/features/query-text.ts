/** The text of a search: words, and filters such as `owner:"data team"`. */

const PART = /(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/g;

type Part = {readonly name: string | null; readonly value: string};

const partsOf = (text: string): Part[] =>
  [...text.matchAll(PART)].map(([, name, quoted, plain]) => ({name: name ?? null, value: quoted ?? plain ?? ''}));

const written = ({name, value}: Part): string =>
  `${name === null ? '' : `${name}:`}${/\s/.test(value) || value === '' ? `"${value}"` : value}`;

/** The value of a filter; null if the text has none. */
export const filterIn = (text: string, name: string): string | null =>
  partsOf(text).find(part => part.name === name)?.value ?? null;

/** The text with one value of a filter, or without it. Words stay as they are. */
export function withFilter(text: string, name: string, value: string | null): string {
  const others = partsOf(text).filter(part => part.name !== name);
  return [...others, ...(value === null ? [] : [{name, value}])].map(written).join(' ');
}
