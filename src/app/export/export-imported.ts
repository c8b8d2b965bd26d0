/** An imported ONNX model as files: as a module where it is one of our own models, else as the file that it is. */
import {artifactOf, type BuiltIn} from '../../models/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {servingPolicy} from '../../serving/index.ts';
import {openEvaluator} from '../imported/evaluator.ts';
import type {ImportedModelDefinition} from '../imported/imported-model.ts';
import {type ImportedVersion, numberVersion} from '../imported/imported-versions.ts';
import {type ModelFile, readModelFile} from '../imported/read-model-file.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {EXPORT_FORMAT, type ExportedModel, timeless} from './edge/exported-model.ts';
import {arraysOf, checkFields} from './pack-export.ts';

/** The file of today under its number. Throws MODEL_INVALID, and VERSION_NOT_FOUND for another number. */
export async function importedVersion(
  {project, metadata, clock}: Runtime,
  {name, from}: ImportedModelDefinition,
  number: number | undefined,
): Promise<{readonly file: ModelFile; readonly version: ImportedVersion}> {
  const file = readModelFile(project.folder, from);
  const version = await numberVersion(metadata, name, file.sha256, clock.now());
  if (number !== undefined && number !== version.version)
    throw new MillraceError('VERSION_NOT_FOUND', `The file of '${name}' is version ${version.version}.`, {
      fix: 'Only the file that is there can be exported: name no version.',
    });
  return {file, version};
}

/**
 * The model as the data of a module: one field of the request for each column of its input. Throws MODEL_INVALID where
 * it takes ONNX Runtime to evaluate it.
 */
export async function importedModule(
  {name, columns, serving}: ImportedModelDefinition,
  {bytes}: ModelFile,
  {version}: ImportedVersion,
): Promise<ExportedModel> {
  const {batchRows, batchWaitMs, queue} = serving.load;
  const evaluator = await openEvaluator(bytes, {columns, batchRows, batchWaitMs, queue, threads: 1});
  await evaluator.close();
  const {builtIn, notes} = evaluator;
  if (builtIn === null)
    throw new MillraceError('MODEL_INVALID', `'${name}' does not fit into a module. ${notes[0]}`, {
      fix: 'Export the file with --target onnx, and run it with onnxruntime-web in a page or onnxruntime-node elsewhere.',
    });
  return moduleOf(name, version, builtIn);
}

function moduleOf(model: string, version: number, {predictor, missingIsNaN}: BuiltIn): ExportedModel {
  const fields = predictor.spec.features.map(feature => feature.name);
  checkFields(model, fields);
  const type = 'number' as const;
  return {
    format: EXPORT_FORMAT,
    model,
    version,
    featureSet: model,
    // A model that answers NaN to a missing value is not asked with one.
    request: fields.map(name => ({name, type, nullable: !missingIsNaN})),
    views: [],
    derived: fields.map(name => ({name, type, node: {op: 'column', name, type}})),
    policy: timeless(servingPolicy({inputs: {outside: 'ignore'}})),
    ranges: [],
    main: arraysOf(artifactOf(predictor)),
    companions: [],
  };
}
