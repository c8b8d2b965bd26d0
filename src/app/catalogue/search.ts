// Search over the catalogue: words rank, filters narrow. `late owner:dispatch is:unused`.
import {type FeatureRecord, MillraceError, nearest} from '../../protocol/index.ts';

/** What a word may match, and how much that counts. A word at the start of the text counts double, the whole text four times. */
const FIELDS: readonly {
  readonly weight: number;
  readonly of: (feature: FeatureRecord) => readonly (string | null)[];
}[] = [
  {weight: 16, of: ({name}) => [name]},
  {weight: 6, of: ({about, view}) => [view, ...about.tags]},
  {weight: 4, of: ({about, entity, source}) => [entity, source, about.owner, about.sensitivity]},
  {weight: 2, of: ({about, columns, usedBy}) => [about.description, ...columns, ...usedBy]},
  {weight: 1, of: ({definition, window, type}) => [definition, window, type]},
];

const FILTERS: Readonly<Record<string, (feature: FeatureRecord) => readonly (string | null)[]>> = {
  owner: ({about}) => [about.owner],
  tag: ({about}) => about.tags,
  sensitivity: ({about}) => [about.sensitivity],
  view: ({view, origin}) => [view ?? origin],
  entity: ({entity}) => [entity],
  source: ({source, columns}) => [source, ...columns.map(column => column.split('.')[0]!)],
  column: ({columns}) => columns,
  model: ({usedBy}) => usedBy,
  is: ({usedBy}) => [usedBy.length === 0 ? 'unused' : 'used'],
};

type Query = {readonly words: readonly string[]; readonly filters: readonly (readonly [name: string, value: string])[]};

/** Words and filters; `owner:"data team"` holds a space. Throws REQUEST_INVALID for a filter that does not exist. */
export function parseQuery(text: string): Query {
  const parts = [...text.toLowerCase().matchAll(/(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/g)];
  const words: string[] = [];
  const filters: (readonly [string, string])[] = [];
  for (const [, name, quoted, plain] of parts) {
    const value = quoted ?? plain ?? '';
    if (name === undefined) words.push(value);
    else if (Object.hasOwn(FILTERS, name)) filters.push([name, value]);
    else {
      const [near] = nearest(name, Object.keys(FILTERS));
      throw new MillraceError('REQUEST_INVALID', `There is no filter '${name}:'.`, {
        fix: near ? `Did you mean ${near}:?` : `Use ${Object.keys(FILTERS).join(':, ')}:.`,
      });
    }
  }
  return {words: words.filter(word => word !== ''), filters};
}

/**
 * The features in which all words occur and that pass all filters, best first; those that fit equally well keep their
 * order. An empty text finds all. Throws REQUEST_INVALID for a filter that does not exist.
 */
export function searchFeatures(features: readonly FeatureRecord[], text: string): FeatureRecord[] {
  const {words, filters} = parseQuery(text);
  return features
    .filter(feature =>
      filters.every(([name, value]) => FILTERS[name]!(feature).some(found => found?.toLowerCase() === value)),
    )
    .map(feature => ({feature, scores: words.map(word => scoreOf(feature, word))}))
    .filter(({scores}) => scores.every(score => score > 0))
    .map(({feature, scores}) => ({feature, score: scores.reduce((sum, score) => sum + score, 0)}))
    .sort((a, b) => b.score - a.score)
    .map(({feature}) => feature);
}

function scoreOf(feature: FeatureRecord, word: string): number {
  let best = 0;
  for (const {weight, of} of FIELDS)
    for (const text of of(feature))
      if (text !== null) best = Math.max(best, weight * closeness(text.toLowerCase(), word));
  return best;
}

const closeness = (text: string, word: string): number =>
  text === word ? 4 : text.startsWith(word) ? 2 : text.includes(word) ? 1 : 0;
