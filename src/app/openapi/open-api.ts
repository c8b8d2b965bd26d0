/** The HTTP API of a project as OpenAPI 3.1, made from its definitions: every field has its name and its type. */

import type {Source} from '../../events/index.ts';
import type {FeatureSet} from '../../features/index.ts';
import type {JsonValue} from '../../protocol/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Project} from '../project/project.ts';
import {
  answeredSchema,
  INTEGER,
  type JsonSchema,
  listSchema,
  NUMBER,
  objectSchema,
  openSchema,
  recordSchema,
  reference,
  TEXT,
  TIME,
} from './schemas.ts';
import {
  answerOptions,
  failure,
  feedbackRequest,
  optionalPredictionFields,
  predictionFields,
  pushAnswer,
  ranking,
} from './shared-schemas.ts';
import {typeName} from './type-name.ts';

export type OpenApi = {readonly [key: string]: JsonValue};

type Paths = {readonly [path: string]: {readonly [key: string]: JsonValue}};
type Schemas = {readonly [name: string]: JsonSchema};
type Part = {readonly paths: Paths; readonly schemas: Schemas};

const ID: JsonSchema = {type: 'string', minLength: 1, maxLength: 200};

/** `version`: of the platform. */
export function openApi(project: Project, version: string): OpenApi {
  const parts = [
    ...project.models.map(modelPart),
    ...project.sources.map(eventsPart),
    ...project.sets.map(featuresPart),
    COMMON,
  ];
  return {
    openapi: '3.1.0',
    info: {
      title: `Millrace · ${project.name}`,
      version,
      description: 'Predictions, events and features of this project. The Open Inference Protocol is spoken under /v2.',
    },
    servers: [{url: '/'}],
    security: [{}, {key: []}],
    paths: Object.assign({}, ...parts.map(({paths}) => paths)),
    components: {
      schemas: Object.assign({}, ...parts.map(({schemas}) => schemas)),
      securitySchemes: {key: {type: 'http', scheme: 'bearer', description: 'Needed once the project has a key.'}},
    },
  };
}

const json = (schema: JsonSchema): JsonSchema => ({'application/json': {schema}});

const FAILURES: JsonSchema = Object.fromEntries(
  [
    ['400', 'The request is wrong: all problems at once.'],
    ['401', 'A key is needed.'],
    ['403', 'The key is not for this.'],
    ['404', 'There is no such model, stream or feature set.'],
    ['413', 'The body is too large.'],
    ['422', 'A number grew too large.'],
    ['429', 'Too many requests: try again after the seconds of Retry-After.'],
    ['503', 'Not ready: try again shortly.'],
    ['504', 'Nothing answered in time.'],
  ].map(([status, description]) => [status!, {description: description!, content: json(reference('Failure'))}]),
);

const post = (operationId: string, summary: string, request: JsonSchema, answer: JsonSchema): JsonSchema => ({
  post: {
    operationId,
    summary,
    requestBody: {required: true, content: json(request)},
    responses: {'200': {description: 'Answered.', content: json(answer)}, ...FAILURES},
  },
});

const featuresOf = ({features}: FeatureSet): JsonSchema =>
  openSchema(Object.fromEntries(features.map(({name, type}) => [name, answeredSchema(type)])));

function modelPart(model: ModelDefinition, _: number, models: readonly ModelDefinition[]): Part {
  const {name, description, features: set, feedback} = model;
  const type = typeName(model, models);
  const path = `/v1/models/${encodeURIComponent(name)}`;
  const request = (schema: string) => reference(`${type}${schema}`);
  const about = description === '' ? '' : ` ${description}`;
  return {
    schemas: {
      [`${type}Instance`]: recordSchema(set.request, {id: ID}),
      [`${type}Features`]: featuresOf(set),
      [`${type}Prediction`]: openSchema(
        {...predictionFields, features: request('Features'), ...optionalPredictionFields},
        Object.keys(predictionFields),
      ),
      [`${type}PredictRequest`]: objectSchema(
        {instances: listSchema(request('Instance'), {min: 1, max: 1_000}), ...answerOptions},
        ['instances'],
      ),
      [`${type}PredictAnswer`]: openSchema({model: TEXT, predictions: listSchema(request('Prediction'))}),
      [`${type}RankRequest`]: objectSchema(
        {
          context: {type: 'object', description: 'Fields that all candidates share.'},
          candidates: listSchema({type: 'object'}, {min: 1, max: 5_000}),
          top: {...INTEGER, minimum: 1},
          id: ID,
        },
        ['candidates'],
      ),
    },
    paths: {
      [`${path}/predict`]: post(
        `predict${type}`,
        `Predict with '${name}'.${about}`,
        request('PredictRequest'),
        request('PredictAnswer'),
      ),
      [`${path}/rank`]: post(
        `rank${type}`,
        `Score and order candidates with '${name}'.`,
        request('RankRequest'),
        reference('Ranking'),
      ),
      ...(feedback === null
        ? {}
        : {
            [`${path}/feedback`]: post(
              `feedback${type}`,
              `Tell what came back about predictions of '${name}'.`,
              reference('Feedback'),
              reference('PushAnswer'),
            ),
          }),
    },
  };
}

function eventsPart(source: Source, _: number, sources: readonly Source[]): Part {
  const {name, schema, vectors} = source;
  const type = `${typeName(source, sources)}Event`;
  const inVectors = new Set(
    Object.entries(vectors).flatMap(([vector, size]) => Array.from({length: size}, (_, i) => `${vector}_${i}`)),
  );
  const scalars = Object.fromEntries(Object.entries(schema).filter(([column]) => !inVectors.has(column)));
  const lists = Object.fromEntries(
    Object.entries(vectors).map(([vector, size]) => [vector, listSchema(NUMBER, {min: size, max: size})]),
  );
  return {
    schemas: {[type]: recordSchema(scalars, lists)},
    paths: {
      [`/v1/events/${encodeURIComponent(name)}`]: post(
        `push${type}s`,
        `Push events to '${name}': accepted ones are durable, and seen by features, when this answers.`,
        objectSchema({events: listSchema(reference(type), {max: 10_000})}),
        reference('PushAnswer'),
      ),
    },
  };
}

function featuresPart(set: FeatureSet, _: number, sets: readonly FeatureSet[]): Part {
  const stem = typeName(set, sets);
  const type = `${stem}Entity`;
  const names = {type: 'string', enum: set.features.map(({name}) => name)} as const;
  return {
    schemas: {[type]: recordSchema(set.request)},
    paths: {
      [`/v1/features/${encodeURIComponent(set.name)}/read`]: post(
        `read${stem}`,
        `Read the features of '${set.name}' of many entities.`,
        objectSchema(
          {
            entities: listSchema(reference(type), {min: 1, max: 1_000}),
            features: listSchema(names),
            at: {type: ['string', 'integer']},
            freshness: {type: 'boolean'},
          },
          ['entities'],
        ),
        openSchema(
          {
            set: TEXT,
            at: TIME,
            features: listSchema(TEXT),
            values: listSchema({type: 'array', items: {type: ['number', 'string', 'boolean', 'null']}}),
          },
          ['set', 'at', 'features', 'values'],
        ),
      ),
    },
  };
}

const get = (operationId: string, summary: string, status: readonly string[]): JsonSchema => ({
  get: {
    operationId,
    summary,
    responses: Object.fromEntries(status.map(code => [code, {description: code === '200' ? 'Yes.' : 'Not yet.'}])),
  },
});

const COMMON: Part = {
  schemas: {Failure: failure, Ranking: ranking, Feedback: feedbackRequest, PushAnswer: pushAnswer},
  paths: {
    '/health/live': get('isLive', 'Whether the process answers.', ['200']),
    '/health/ready': get('isReady', 'Whether every model has a version deployed.', ['200', '503']),
  },
};
