import type {FeatureDetail} from 'millrace/protocol';
import type {ReactNode} from 'react';
import {Go, Section} from '../../../parts/page.tsx';
import {readable} from '../readable.ts';

/** What it is, in words, and who answers for it. */
export function AboutPanel({detail}: {detail: FeatureDetail}) {
  const {feature, derivedFrom, derivedInto} = detail;
  const {about} = feature;
  const facts: readonly {readonly title: string; readonly value: ReactNode}[] = [
    {title: 'Description', value: about.description || null},
    {title: 'Definition', value: readable(feature.definition)},
    {title: 'Type', value: feature.type},
    {
      title: 'Source',
      value:
        feature.source === null ? (
          'the request'
        ) : (
          <Go to={`/data/${encodeURIComponent(feature.source)}`}>{feature.source}</Go>
        ),
    },
    {title: 'Columns', value: feature.columns.length === 0 ? null : <code>{feature.columns.join(', ')}</code>},
    {title: 'View', value: feature.view && `${feature.view}, per ${feature.entity}`},
    {title: 'Derived from', value: featureLinks(derivedFrom)},
    {title: 'Derived into', value: featureLinks(derivedInto)},
    {title: 'Owner', value: about.owner || 'nobody is named'},
    {title: 'Tags', value: about.tags.join(', ') || null},
    {
      title: 'Sensitivity',
      value: about.sensitivity === 'personal' ? 'personal: data about a person' : about.sensitivity,
    },
  ];
  return (
    <Section title="What it is">
      <dl className="facts">
        {facts.map(
          ({title, value}) =>
            value !== null && (
              <div key={title} className="fact-row">
                <dt>{title}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </Section>
  );
}

function featureLinks(names: readonly string[]): ReactNode {
  if (names.length === 0) return null;
  return names.map((name, i) => (
    <span key={name}>
      {i > 0 && ', '}
      <Go to={`/features/${encodeURIComponent(name)}`}>{name}</Go>
    </span>
  ));
}
