import {encodeCategories, type FeatureSpec, learnVocabulary, type Matrix} from '../../models/index.ts';
import type {ColumnData} from '../../protocol/index.ts';
import {categoryOf} from '../../serving/index.ts';

type Columns = Readonly<Record<string, ColumnData>>;

const asCategories = (column: ColumnData): readonly (string | null)[] =>
  column instanceof Float64Array ? Array.from(column, categoryOf) : column;

/** Kinds and vocabularies of the inputs; what is learned is learned from rows [from, to) only. */
export function learnEncoding(
  columns: Columns,
  inputs: readonly string[],
  categorical: readonly string[],
  rows: {readonly from: number; readonly to: number},
): FeatureSpec[] {
  return inputs.map((name): FeatureSpec => {
    const column = columns[name]!;
    if (column instanceof Float64Array && !categorical.includes(name)) return {name, kind: 'numeric'};
    return {name, kind: 'categorical', vocabulary: learnVocabulary(asCategories(column.slice(rows.from, rows.to)))};
  });
}

/** All rows as the numbers that a model with these features takes. Numeric columns are not copied. */
export function encodeMatrix(columns: Columns, features: readonly FeatureSpec[], rows: number): Matrix {
  return {
    rows,
    names: features.map(f => f.name),
    kinds: features.map(f => f.kind),
    vocabularies: features.map(f => f.vocabulary ?? null),
    columns: features.map(({name, kind, vocabulary = []}) => {
      const column = columns[name]!;
      return kind === 'numeric' ? (column as Float64Array) : encodeCategories(vocabulary, asCategories(column));
    }),
  };
}
