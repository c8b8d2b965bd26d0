// A model for where every byte is downloaded: its manifest, and its arrays packed without loss.
import {decodeArtifact, encodeArtifact, type ModelArrays} from '../artifact.ts';
import type {ModelSpec} from '../model-spec.ts';
import {type PackedArray, packArrays, unpackArrays} from './pack-arrays.ts';

export type CompactModel = {
  readonly spec: ModelSpec;
  readonly arrays: readonly PackedArray[];
  readonly bytes: Uint8Array;
};

/** Read only when somebody asks which features a model uses, which the registry answers too. */
const NOT_NEEDED = ['gain'];

/** Throws MODEL_INVALID if the artifact cannot be read. */
export function compactModel(artifact: Uint8Array): CompactModel {
  const {spec, arrays} = decodeArtifact(artifact);
  const kept: ModelArrays = Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, NOT_NEEDED.includes(name) ? array.map(() => 0) : array]),
  );
  return {spec, ...packArrays(kept)};
}

/** An artifact that predicts and explains as the one before, to the bit, but has no importances. Throws MODEL_INVALID. */
export const expandModel = ({spec, arrays, bytes}: CompactModel): Uint8Array =>
  encodeArtifact(spec, unpackArrays({arrays, bytes}));
