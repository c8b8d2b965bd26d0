/** JSON schemas (draft 2020-12, as OpenAPI 3.1 has them) of what a project declares. */
import type {JsonValue, Schema, TypeName} from '../../protocol/index.ts';

export type JsonSchema = {readonly [keyword: string]: JsonValue};

const TYPES: Record<TypeName, {readonly type: string; readonly more?: JsonSchema}> = {
  string: {type: 'string'},
  number: {type: 'number'},
  int: {type: 'integer', more: {minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER}},
  bool: {type: 'boolean'},
  time: {type: 'string', more: {format: 'date-time'}},
};

/** A value that is given: times as ISO 8601 with their zone, or whole milliseconds since 1970 (UTC). */
export function givenSchema(type: TypeName, nullable: boolean): JsonSchema {
  const {type: name, more = {}} = TYPES[type];
  const types = [name, ...(type === 'time' ? ['integer'] : []), ...(nullable ? ['null'] : [])];
  return {type: types.length === 1 ? types[0]! : types, ...more};
}

/** A feature that is answered: numbers and texts, null where it is missing; times are milliseconds. */
export function answeredSchema(type: TypeName): JsonSchema {
  const name = type === 'time' ? 'integer' : TYPES[type].type;
  return {type: [name, 'null']};
}

/** An object of these fields; fields that may be null may be left out. */
export function recordSchema(schema: Schema, more: {readonly [name: string]: JsonSchema} = {}): JsonSchema {
  const fields = Object.entries(schema);
  return objectSchema(
    {...Object.fromEntries(fields.map(([name, {type, nullable}]) => [name, givenSchema(type, nullable)])), ...more},
    fields.filter(([, {nullable}]) => !nullable).map(([name]) => name),
  );
}

export const objectSchema = (
  properties: {readonly [name: string]: JsonSchema},
  required: readonly string[] = Object.keys(properties),
): JsonSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? {required} : {}),
  additionalProperties: false,
});

/** An object that may have more than what is said of it. */
export const openSchema = (
  properties: {readonly [name: string]: JsonSchema},
  required: readonly string[] = Object.keys(properties),
): JsonSchema => ({type: 'object', properties, ...(required.length > 0 ? {required} : {})});

export const listSchema = (
  items: JsonSchema,
  {min, max}: {readonly min?: number; readonly max?: number} = {},
): JsonSchema => ({
  type: 'array',
  items,
  ...(min === undefined ? {} : {minItems: min}),
  ...(max === undefined ? {} : {maxItems: max}),
});

export const reference = (name: string): JsonSchema => ({$ref: `#/components/schemas/${name}`});
export const TEXT: JsonSchema = {type: 'string'};
export const NUMBER: JsonSchema = {type: 'number'};
export const INTEGER: JsonSchema = {type: 'integer'};
export const FLAG: JsonSchema = {type: 'boolean'};
/** UTC milliseconds. */
export const TIME: JsonSchema = {type: 'integer', description: 'UTC milliseconds'};
