import {canonicalJson, MillraceError, type TypeName, type Value} from '../../protocol/index.ts';

/** What was seen of one column. */
export type InferredColumn = {
  readonly name: string;
  /** Of a vector: `number`. */
  readonly type: TypeName;
  /** How many numbers a vector has; null for all other columns. */
  readonly size: number | null;
  readonly nullable: boolean;
  /** Share of rows in which it is null or absent. */
  readonly nullShare: number;
  /** Values that are not of the type: it is that of most of them. */
  readonly misfits: number;
  /** Least and greatest number, or time as ISO text; null for other types. */
  readonly min: number | string | null;
  readonly max: number | string | null;
  /** How many different values it has; null if more than were counted, and for vectors. */
  readonly distinct: number | null;
  /** All texts of a string column, in order of bytes, if they were counted; else null. */
  readonly values: readonly string[] | null;
  /** The first three of few values, or the least and the greatest of many. */
  readonly examples: readonly Value[];
};

/** A schema as data: what rows were found to be. */
export type InferredSchema = {readonly format: 1; readonly rows: number; readonly columns: readonly InferredColumn[]};

/** How many different values are counted unless told. */
export const COUNTED_VALUES = 20;

/** The schema as text that is equal for equal schemas: to keep, hash and compare. `thawSchema` reads it. */
export const freezeSchema = (schema: InferredSchema): string => canonicalJson(schema);

/** Reads a frozen schema. Throws SOURCE_SCHEMA if it is none. */
export function thawSchema(text: string): InferredSchema {
  try {
    const schema = JSON.parse(text) as InferredSchema;
    if (schema.format === 1 && Array.isArray(schema.columns)) return schema;
  } catch (cause) {
    throw notFrozen(cause);
  }
  throw notFrozen();
}

const notFrozen = (cause?: unknown) =>
  new MillraceError('SOURCE_SCHEMA', 'The text is no frozen schema.', {cause, fix: 'Give what freezeSchema returned.'});

/** The schema as it is declared in TypeScript, to be pasted into a source. */
export function schemaText({columns}: InferredSchema): string {
  const lines = columns.map(({name, type, size, nullable, misfits}) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    const declared = size === null ? `t.${type}` : `t.vector(${size})`;
    const comment = misfits === 0 ? '' : ` // ${misfits} values are something else`;
    return `  ${key}: ${declared}${nullable ? '.orNull()' : ''},${comment}\n`;
  });
  return `{\n${lines.join('')}}`;
}

/** Values in order: numbers by size, texts by their UTF-8 bytes, false before true. */
export const byValue = (a: Value, b: Value): number =>
  typeof a === 'string' && typeof b === 'string'
    ? Buffer.compare(Buffer.from(a), Buffer.from(b))
    : Number(a) - Number(b);

/** What is shown of the values of a column. */
export function examplesOf(few: readonly Value[] | null, min: Value, max: Value): readonly Value[] {
  if (few !== null) return few.slice(0, 3);
  return min === null ? [] : [min, max];
}
