import type {FeatureRow} from '../features/index.ts';
import {categoryEncoder, type ModelSpec} from '../models/index.ts';
import {MillraceError} from '../protocol/index.ts';

/** Turns served feature values into the numbers of one model version: its features, its order, its vocabularies. */
export type RowEncoder = (row: FeatureRow, out: Float64Array) => void;

/** `names`: names of the values in a row. Throws MODEL_INVALID if the model wants a feature that is not there. */
export function rowEncoder(spec: ModelSpec, names: readonly string[]): RowEncoder {
  const steps = spec.features.map(feature => {
    const from = names.indexOf(feature.name);
    if (from < 0)
      throw new MillraceError(
        'MODEL_INVALID',
        `The model was trained with '${feature.name}', which the project no longer defines.`,
        {
          fix: `Bring the feature back, or train again with ${names.join(', ')}.`,
        },
      );
    return {from, encode: feature.kind === 'categorical' ? categoryEncoder(feature.vocabulary ?? []) : null};
  });
  return (row, out) => {
    for (let i = 0; i < steps.length; i++) {
      const {from, encode} = steps[i]!;
      const value = row[from]!;
      out[i] = encode === null ? (value as number) : encode(typeof value === 'number' ? categoryOf(value) : value);
    }
  };
}

/** Numbers that stand for categories are named by their digits, as in training. */
export const categoryOf = (value: number): string | null => (Number.isNaN(value) ? null : String(value));
