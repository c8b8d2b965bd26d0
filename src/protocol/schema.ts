/**
 * Column types. In memory a column of numbers, integers, booleans or times is a Float64Array in which
 * NaN stands for null (so NaN itself is not a value of any type); a string column is an array of
 * strings and nulls. Integers are safe integers (at most 2^53 - 1 in size); times are UTC milliseconds. A vector
 * of n numbers is n columns of numbers, named by `vectorColumns`.
 */
export type TypeName = 'string' | 'number' | 'int' | 'bool' | 'time';

export interface Type<V> {
  readonly type: TypeName;
  readonly nullable: boolean;
  /** Of a vector, whose `type` is `number`: how many numbers it has. */
  readonly size?: number;
  /** Phantom: carries the TypeScript type and is never set. */
  readonly value?: V;
}

type Nullable<V> = Type<V> & {orNull(): Type<V | null>};

function type<V>(name: TypeName, sized: {readonly size?: number} = {}): Nullable<V> {
  return Object.freeze({
    type: name,
    ...sized,
    nullable: false,
    orNull: () => Object.freeze({type: name, ...sized, nullable: true}) as Type<V | null>,
  });
}

/** The types a column can have. */
export const t = Object.freeze({
  string: type<string>('string'),
  number: type<number>('number'),
  int: type<number>('int'),
  bool: type<boolean>('bool'),
  /** UTC; a Date or ISO string at the border, milliseconds inside. */
  time: type<Date>('time'),
  /** `size` finite numbers, such as an embedding: 1 to `MAX_VECTOR_SIZE` of them. Null as a whole or not at all. */
  vector: (size: number) => type<readonly number[]>('number', {size}),
});

/** The most numbers that a vector column can have. */
export const MAX_VECTOR_SIZE = 4_096;

/** The columns that hold a vector: `embedding_0` to `embedding_{size - 1}`. */
export const vectorColumns = (name: string, size: number): string[] =>
  Array.from({length: size}, (_, i) => `${name}_${i}`);

export type Schema = Readonly<Record<string, Type<unknown>>>;

/** The row type of a schema. */
export type Row<S extends Schema> = {[K in keyof S]: S[K] extends Type<infer V> ? V : never};

/** Names of the columns of `S` whose values are all in `V`. */
export type ColumnsOf<S extends Schema, V> = {
  [K in keyof S]: S[K] extends Type<infer U> ? (U extends V ? K : never) : never;
}[keyof S] &
  string;

/** Names of the columns of `S` that are no vectors. */
export type ScalarColumns<S extends Schema> = {
  [K in keyof S]: S[K] extends Type<infer U> ? (NonNullable<U> extends readonly number[] ? never : K) : never;
}[keyof S] &
  string;

/** What is written to disk and shown of a schema. */
export type ColumnSpec = {readonly name: string; readonly type: TypeName; readonly nullable: boolean};

export function columnSpecs(schema: Schema): ColumnSpec[] {
  return Object.entries(schema).map(([name, {type, nullable}]) => ({name, type, nullable}));
}
