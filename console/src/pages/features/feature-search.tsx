/** Words and facets over the catalogue; the address keeps both as one text. */
import type {FeatureRecord, Features} from 'millrace/protocol';
import {useEffect, useState} from 'react';
import {filterIn, withFilter} from './query-text.ts';

type Facet = {
  readonly name: string;
  readonly title: string;
  readonly values: (feature: FeatureRecord) => readonly string[];
};

const FACETS: readonly Facet[] = [
  {name: 'view', title: 'View', values: ({view, origin}) => [view ?? origin]},
  {name: 'owner', title: 'Owner', values: ({about}) => (about.owner === '' ? [] : [about.owner])},
  {name: 'tag', title: 'Tag', values: ({about}) => about.tags},
  {name: 'sensitivity', title: 'Sensitivity', values: ({about}) => [about.sensitivity]},
  {name: 'is', title: 'Use', values: ({usedBy}) => [usedBy.length === 0 ? 'unused' : 'used']},
];

/** A pause in typing of this length (ms) is the end of a word. */
const PAUSE_MS = 150;

type Props = {
  readonly features: Features;
  readonly text: string;
  readonly search: (text: string | null) => void;
  /** What is wrong with the text; null if nothing is. */
  readonly problem: string | null;
};

export function FeatureSearch({features, text, search, problem}: Props) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => search(typed === '' ? null : typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, text, search]);
  return (
    <search className="feature-search">
      <input
        type="search"
        aria-label="Search features"
        placeholder="Name, description, column, owner, tag"
        autoComplete="off"
        value={typed}
        onChange={event => setTyped(event.target.value)}
      />
      {FACETS.map(facet => (
        <FacetChoice
          key={facet.name}
          facet={facet}
          features={features}
          chosen={filterIn(typed, facet.name)}
          choose={value => search(withFilter(typed, facet.name, value) || null)}
        />
      ))}
      {typed !== '' && (
        <button type="button" className="button quiet" onClick={() => search(null)}>
          Clear
        </button>
      )}
      {problem !== null && (
        <p className="problem" role="status">
          {problem}
        </p>
      )}
    </search>
  );
}

type ChoiceProps = {
  readonly facet: Facet;
  readonly features: Features;
  readonly chosen: string | null;
  readonly choose: (value: string | null) => void;
};

function FacetChoice({facet, features, chosen, choose}: ChoiceProps) {
  const counts = new Map<string, number>();
  for (const feature of features)
    for (const value of facet.values(feature)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const values = [...counts].sort(([a], [b]) => a.localeCompare(b));
  const current = values.find(([value]) => value.toLowerCase() === chosen?.toLowerCase())?.[0];
  if (values.length === 0) return null;
  return (
    <select
      className="button"
      aria-label={facet.title}
      data-chosen={chosen !== null}
      value={current ?? chosen ?? ''}
      onChange={event => choose(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">{facet.title}</option>
      {values.map(([value, count]) => (
        <option key={value} value={value}>
          {value} ({count})
        </option>
      ))}
      {chosen !== null && current === undefined && <option value={chosen}>{chosen} (0)</option>}
    </select>
  );
}
