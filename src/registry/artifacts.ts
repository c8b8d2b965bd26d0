/**
 * The bytes of a version: ours and the ONNX export. Their names carry the start of their hash, so two
 * processes that try for the same version number never overwrite each other's bytes.
 */
import {createHash} from 'node:crypto';
import {MillraceError, type ModelVersion} from '../protocol/index.ts';
import type {ObjectStore} from '../stores/index.ts';

export type OnnxExport = {
  readonly bytes: Uint8Array;
  /** Largest difference between our evaluator and ONNX Runtime, on `rows` rows; null if it was not checked. */
  readonly maxDifference: number | null;
  readonly rows: number;
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Stores both files under `models/<model>/<version>/` and says what they are. */
export async function putArtifacts(
  objects: ObjectStore,
  model: string,
  version: number,
  bytes: Uint8Array,
  onnx: OnnxExport | null,
  companions: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<ModelVersion['artifact']> {
  const put = async (stem: string, ending: string, content: Uint8Array) => {
    const hash = sha256(content);
    const name = `models/${model}/${version}/${stem}-${hash.slice(0, 12)}.${ending}`;
    await objects.put(name, content);
    return {name, hash};
  };
  const own = await put('model', 'bin', bytes);
  const exported = onnx && (await put('model', 'onnx', onnx.bytes));
  const beside: NonNullable<ModelVersion['artifact']['companions']>[number][] = [];
  for (const [companion, content] of companions) {
    const {name, hash} = await put('companion', 'bin', content);
    beside.push({name: companion, object: name, sha256: hash});
  }
  return {
    name: own.name,
    bytes: bytes.length,
    sha256: own.hash,
    onnxName: exported?.name ?? null,
    onnxSha256: exported?.hash ?? null,
    onnxMaxDifference: onnx?.maxDifference ?? null,
    onnxRows: onnx?.rows ?? 0,
    ...(beside.length > 0 ? {companions: beside} : {}),
  };
}

/** The bytes of an object whose hash is known. Throws STORE_CORRUPT if they are absent or others. */
export async function getVerified(objects: ObjectStore, name: string, expected: string): Promise<Uint8Array> {
  const bytes = await objects.get(name);
  const fix = 'Restore this file from a backup, or train and register the model again.';
  if (!bytes) throw new MillraceError('STORE_CORRUPT', `The artifact ${name} is missing.`, {fix});
  const found = sha256(bytes);
  if (found !== expected)
    throw new MillraceError(
      'STORE_CORRUPT',
      `The artifact ${name} has SHA-256 ${found.slice(0, 12)}…; it was registered with ${expected.slice(0, 12)}….`,
      {fix},
    );
  return bytes;
}
