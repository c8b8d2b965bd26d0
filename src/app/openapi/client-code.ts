/** A typed client for one project, as one TypeScript file without dependencies. */

import type {Source} from '../../events/index.ts';
import type {FeatureSet} from '../../features/index.ts';
import type {Schema, TypeName} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Project} from '../project/project.ts';
import {CLIENT_RUNTIME} from './client-runtime.ts';
import {typeName} from './type-name.ts';

const GIVEN: Record<TypeName, string> = {
  string: 'string',
  number: 'number',
  int: 'number',
  bool: 'boolean',
  time: 'string | number | Date',
};
const ANSWERED: Record<TypeName, string> = {
  string: 'string',
  number: 'number',
  int: 'number',
  bool: 'boolean',
  time: 'number',
};

/** A name as it stands in code: quoted where it is no identifier, and computed where it would mean something else. */
function member(name: string): string {
  if (name === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** Text in a comment cannot end it. */
const comment = (text: string): string => text.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ').trim();

function givenType(schema: Schema, more: readonly string[] = []): string {
  const fields = Object.entries(schema).map(([name, {type, nullable, size}]) => {
    const value = size === undefined ? GIVEN[type] : 'readonly number[]';
    return nullable ? `${member(name)}?: ${value} | null;` : `${member(name)}: ${value};`;
  });
  return `{\n${[...fields, ...more].map(line => `  ${line}`).join('\n')}\n}`;
}

const answeredType = ({features}: FeatureSet): string =>
  `{\n${features.map(({name, type}) => `  readonly ${member(name)}: ${ANSWERED[type]} | null;`).join('\n')}\n}`;

/** A source as it is pushed: vectors as lists again. */
function pushedSchema({schema, vectors}: Source): Schema {
  const flat = new Set(
    Object.entries(vectors).flatMap(([name, size]) => Array.from({length: size}, (_, i) => `${name}_${i}`)),
  );
  const lists = Object.entries(vectors).map(([name, size]) => {
    const {nullable} = schema[`${name}_0`]!;
    return [name, {type: 'number', nullable, size}] as const;
  });
  return {
    ...Object.fromEntries(Object.entries(schema).filter(([name]) => !flat.has(name))),
    ...Object.fromEntries(lists),
  };
}

function modelTypes(model: ModelDefinition, _: number, models: readonly ModelDefinition[]): string {
  const {name, description, features} = model;
  const type = typeName(model, models);
  return `/** What '${comment(name)}' is asked. ${comment(description)} */
export type ${type}Instance = ${givenType(features.request, ['/** Your own id: it keeps the unit on its version, and joins the prediction with its label. */', 'id?: string;'])};

/** What it is computed from. */
export type ${type}Features = ${answeredType(features)};`;
}

function modelCalls(model: ModelDefinition, _: number, models: readonly ModelDefinition[]): string {
  const {name, features, feedback} = model;
  const type = typeName(model, models);
  const path = JSON.stringify(`/v1/models/${encodeURIComponent(name)}`);
  const fields =
    Object.keys(features.request)
      .map(field => JSON.stringify(field))
      .join(' | ') || 'never';
  const calls = [
    `predict: (instances: readonly ${type}Instance[], options: AnswerOptions = {}, call?: Call) =>
        send<PredictAnswer<${type}Features>>(\`\${${path}}/predict\`, {instances, ...options}, call)`,
    `rank: <K extends ${fields}>(
        context: Pick<${type}Instance, K>,
        candidates: readonly (Omit<${type}Instance, K> & {id?: string})[],
        options: {top?: number; id?: string} = {},
        call?: Call,
      ) => send<RankAnswer>(\`\${${path}}/rank\`, {context, candidates, ...options}, call)`,
    ...(feedback === null
      ? []
      : [
          `feedback: (feedback: readonly Feedback[], call?: Call) => send<PushAnswer>(\`\${${path}}/feedback\`, {feedback}, call)`,
        ]),
  ];
  return `    ${member(name)}: {\n${calls.map(text => `      ${text},`).join('\n')}\n    },`;
}

const eventTypes = (source: Source, _: number, sources: readonly Source[]): string =>
  `/** An event of '${comment(source.name)}'. */\nexport type ${typeName(source, sources)}Event = ${givenType(pushedSchema(source))};`;

const eventCalls = (source: Source, _: number, sources: readonly Source[]): string =>
  `    ${member(source.name)}: {
      push: (events: readonly ${typeName(source, sources)}Event[], call?: Call) =>
        send<PushAnswer>(${JSON.stringify(`/v1/events/${encodeURIComponent(source.name)}`)}, {events}, call),
    },`;

const setTypes = (set: FeatureSet, _: number, sets: readonly FeatureSet[]): string => {
  const type = typeName(set, sets);
  const names = set.features.map(({name}) => JSON.stringify(name)).join(' | ') || 'never';
  return `/** Whom '${comment(set.name)}' is read for. */\nexport type ${type}Entity = ${givenType(set.request)};\nexport type ${type}Feature = ${names};`;
};

const setCalls = (set: FeatureSet, _: number, sets: readonly FeatureSet[]): string => {
  const type = typeName(set, sets);
  return `    ${member(set.name)}: {
      read: (
        entities: readonly ${type}Entity[],
        options: {features?: readonly ${type}Feature[]; at?: string | number; freshness?: boolean} = {},
        call?: Call,
      ) => send<FeatureRows>(${JSON.stringify(`/v1/features/${encodeURIComponent(set.name)}/read`)}, {entities, ...options}, call),
    },`;
};

/** The file. The same project always gives the same text. */
export function clientCode(project: Project): string {
  const {models, sources, sets} = project;
  return `${[
    `// A typed client of the project '${comment(project.name)}', made by: millrace client. Do not edit it: make it again when definitions change.`,
    CLIENT_RUNTIME,
    ...models.map(modelTypes),
    ...sources.map(eventTypes),
    ...sets.map(setTypes),
    `/** Calls reject with a \`MillraceFailure\`. */
export function createClient(options: ClientOptions = {}) {
  const send = sender(options);
  return {
    models: {
${models.map(modelCalls).join('\n').replaceAll(/^ {4}/gm, '      ')}
    },
    events: {
${sources.map(eventCalls).join('\n').replaceAll(/^ {4}/gm, '      ')}
    },
    features: {
${sets.map(setCalls).join('\n').replaceAll(/^ {4}/gm, '      ')}
    },
  };
}`,
  ].join('\n\n')}\n`;
}
