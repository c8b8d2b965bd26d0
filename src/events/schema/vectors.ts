// Vectors: one column for people and at the door, `size` columns of numbers everywhere else.
import {MAX_VECTOR_SIZE, type Problem, type Schema, type Type, vectorColumns} from '../../protocol/index.ts';

/** A column as people push and read it: `parts` are the columns that hold it, just itself unless it is a vector. */
export type DoorColumn = {
  readonly name: string;
  readonly type: Type<unknown>;
  /** How many numbers a vector has; null for all other columns. */
  readonly size: number | null;
  readonly parts: readonly string[];
};

/** A schema as columns hold it, and the sizes of the vectors that were in it. */
export type FlatSchema = {readonly schema: Schema; readonly vectors: Readonly<Record<string, number>>};

/** Puts `size` columns of numbers in the place of each vector; names what is wrong with them in `problems`. */
export function flattenSchema(declared: Schema, problems: Problem[]): FlatSchema {
  const schema: Record<string, Type<unknown>> = {};
  const vectors: Record<string, number> = {};
  for (const [name, type] of Object.entries(declared)) {
    if (type.size === undefined) {
      schema[name] = type;
      continue;
    }
    if (!Number.isSafeInteger(type.size) || type.size < 1 || type.size > MAX_VECTOR_SIZE) {
      problems.push({
        path: `schema.${name}`,
        message: `The vector '${name}' has ${type.size} numbers; 1 to ${MAX_VECTOR_SIZE} are possible.`,
      });
      continue;
    }
    vectors[name] = type.size;
    const part = Object.freeze<Type<unknown>>({type: 'number', nullable: type.nullable});
    for (const column of vectorColumns(name, type.size)) {
      if (Object.hasOwn(declared, column) || Object.hasOwn(schema, column))
        problems.push({
          path: `schema.${column}`,
          message: `The vector '${name}' is held by columns ${name}_0 to ${name}_${type.size - 1}, so '${column}' cannot be another one.`,
          fix: 'Rename one of the two.',
        });
      schema[column] = part;
    }
  }
  return {schema: Object.freeze(schema), vectors: Object.freeze(vectors)};
}

/** The columns of a source as people see them, in the order of its schema. */
export function doorColumns({schema, vectors}: FlatSchema): DoorColumn[] {
  const starts = new Map(Object.entries(vectors).map(([name, size]) => [`${name}_0`, {name, size}]));
  const columns: DoorColumn[] = [];
  const names = Object.keys(schema);
  for (let k = 0; k < names.length; ) {
    const vector = starts.get(names[k]!);
    const size = vector?.size ?? 1;
    const type = schema[names[k]!]!;
    columns.push({name: vector?.name ?? names[k]!, type, size: vector?.size ?? null, parts: names.slice(k, k + size)});
    k += size;
  }
  return columns;
}
