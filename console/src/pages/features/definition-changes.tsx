/** What changed in definitions lately, and which versions nobody uses any more. */
import type {DefinitionRecord, DefinitionVersionRecord} from 'millrace/protocol';
import {plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {Section} from '../../parts/page.tsx';

const NEWEST = 3;

export function DefinitionChanges({definitions}: {definitions: readonly DefinitionRecord[]}) {
  const times = useTimes();
  const changed = definitions
    .flatMap(definition => definition.versions.filter(version => version.changes.length > 0))
    .sort((a, b) => b.firstSeenAt - a.firstSeenAt);
  const unused = definitions.flatMap(definition => definition.versions.filter(version => version.unusedSince !== null));
  if (changed.length === 0 && unused.length === 0) return null;
  return (
    <div className="columns">
      {changed.length > 0 && (
        <Section
          title="What changed"
          aside={changed.length > NEWEST ? `newest ${NEWEST} of ${changed.length}` : plural(changed.length, 'version')}
        >
          <ul className="plain-list">
            {changed.slice(0, NEWEST).map(version => (
              <li key={keyOf(version)}>
                <strong>
                  {version.name} v{version.number}
                </strong>{' '}
                <span className="muted small">
                  {version.of === 'view' ? 'view' : 'feature set'}, {times.day(version.firstSeenAt)} {times.zoneName}
                </span>
                <Sentences version={version} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {unused.length > 0 && (
        <Section title="Used by nobody" aside={plural(unused.length, 'version')}>
          <ul className="plain-list">
            {unused.map(version => (
              <li key={keyOf(version)}>
                <strong>
                  {version.name} v{version.number}
                </strong>{' '}
                <span className="muted small">
                  since {times.day(version.unusedSince)} {times.zoneName}
                </span>
              </li>
            ))}
          </ul>
          <p className="muted small after">
            Neither the project file nor a model version in use needs these: their live state is not kept.
          </p>
        </Section>
      )}
    </div>
  );
}

const keyOf = ({of, name, number}: DefinitionVersionRecord): string => `${of}/${name}/${number}`;

/** The differences to the version before, one a line. */
export function Sentences({version}: {version: DefinitionVersionRecord}) {
  if (version.changes.length === 0) return <p className="muted small">First version.</p>;
  return (
    <div className="sentences">
      {version.changes.map(({sentence}) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}
