/** The versions of the definition as a timeline, newest first, each with its difference to the one before. */
import type {DefinitionRecord, DefinitionVersionRecord} from 'millrace/protocol';
import {plural} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {type Level, Shape} from '../../../parts/meaning.tsx';
import {Section} from '../../../parts/page.tsx';
import {Sentences} from '../definition-changes.tsx';

export function VersionsPanel({definition}: {definition: DefinitionRecord | null}) {
  const times = useTimes();
  if (definition === null) return null;
  return (
    <Section
      id="versions"
      title="Versions"
      aside={`${plural(definition.versions.length, 'version')} of the ${definition.of === 'view' ? 'view' : 'feature set'} ${definition.name}`}
    >
      <ol className="steps versions">
        {definition.versions.map(version => {
          const {level, word} = stateOf(version, definition, times.day);
          return (
            <li key={version.number}>
              <Shape level={level} size={10} />
              <span className="stage">v{version.number}</span>
              <time dateTime={new Date(version.firstSeenAt).toISOString()}>{times.day(version.firstSeenAt)}</time>
              <div className="version">
                <span className="muted">{word}</span>
                <Sentences version={version} />
              </div>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

function stateOf(
  {number, usedBy, unusedSince}: DefinitionVersionRecord,
  {current}: DefinitionRecord,
  day: (ms: number) => string,
): {level: Level; word: string} {
  const models = usedBy.map(({model, version}) => `${model} v${version}`).join(', ');
  if (number === current)
    return {level: 'good', word: `defined by the project file${models ? `; trained with it: ${models}` : ''}`};
  if (unusedSince === null) return {level: 'good', word: `kept for ${models}`};
  return {level: 'unknown', word: `used by nobody since ${day(unusedSince)}`};
}
