/** A version of a model as files that need no server. */
import {basename, dirname, extname, join, resolve} from 'node:path';
import {loadModel} from '../../models/index.ts';
import {MillraceError, type ModelVersion} from '../../protocol/index.ts';
import type {ImportedModelDefinition} from '../imported/imported-model.ts';
import {findModel} from '../project/project.ts';
import type {Runtime} from '../runtime/runtime.ts';
import type {ExportedModel} from './edge/exported-model.ts';
import {importedModule, importedVersion} from './export-imported.ts';
import {type ExportFiles, type WrittenFile, writeBeside, writeFolder} from './files.ts';
import {importedMlflowFiles, mlflowFiles} from './mlflow-files.ts';
import {companionFiles, isModuleTarget, MODULE_NAMES, type ModuleTarget, moduleFiles, titleOf} from './module-files.ts';
import {type OnnxAbout, onnxManifest} from './onnx-manifest.ts';
import {runtimeText} from './runtime-text.ts';
import {type ExportTarget, exportTarget} from './target.ts';
import {exportedModel, versionToExport} from './version-to-export.ts';

export type ExportOptions = {
  /** May be left out if the project has one. */
  readonly model?: string;
  /** The one in production, or else the newest, unless told. */
  readonly version?: number;
  readonly target: string;
  /** A folder; for modules also a `.js` or `.mjs` file, for ONNX an `.onnx` file. */
  readonly out: string;
  /** Write over files that are there. */
  readonly force?: boolean;
  /** The script that modules carry, if not that of the build. */
  readonly runtime?: string;
};

export type ExportReport = {
  readonly model: string;
  readonly version: number;
  readonly target: ExportTarget;
  readonly files: readonly WrittenFile[];
};

/** What is to be written, by kind of target; made when it is wanted. */
type Contents = {
  readonly model: string;
  readonly version: number;
  module(): Promise<{readonly exported: ExportedModel; readonly title: string}>;
  onnx(): Promise<{readonly bytes: Uint8Array; readonly about: OnnxAbout}>;
  mlflow(): Promise<ExportFiles>;
};

/**
 * Throws USAGE for a target that there is not and for an `out` that is taken, MODEL_NOT_FOUND, VERSION_NOT_FOUND,
 * RECORD_NOT_FOUND for a version without ONNX export, MODEL_INVALID for an imported model that no module can hold,
 * STORE_CORRUPT.
 */
export async function exportModel(runtime: Runtime, options: ExportOptions): Promise<ExportReport> {
  const {out, force = false} = options;
  const target = exportTarget(options.target);
  const imported = runtime.project.imported.find(({name}) => name === options.model);
  const contents = imported
    ? await importedContents(runtime, imported, options.version)
    : await trainedContents(runtime, options);
  const {model, version} = contents;
  const report = (files: readonly WrittenFile[]): ExportReport => ({model, version, target, files});
  if (isModuleTarget(target))
    return report(await writeModule(out, target, force, contents, options.runtime ?? (await runtimeText())));
  if (target === 'mlflow') return report(await writeFolder(out, await contents.mlflow(), force));
  return report(await writeOnnx(out, force, contents));
}

async function trainedContents(runtime: Runtime, options: ExportOptions): Promise<Contents> {
  const {registry} = runtime;
  const definition = findModel(runtime.project, options.model);
  const version = await versionToExport(runtime, definition, options.version);
  return {
    model: version.model,
    version: version.version,
    module: async () => ({exported: await exportedModel(runtime, definition, version), title: titleOf(version)}),
    mlflow: async () => mlflowFiles(await registry.artifact(version), version),
    onnx: async () => {
      const bytes = await registry.onnx(version);
      if (!bytes) throw withoutOnnx(version);
      const {onnxMaxDifference: maxDifference, onnxRows: rows} = version.artifact;
      const {spec} = loadModel(await registry.artifact(version));
      const checked = maxDifference === null ? null : {rows, maxDifference};
      return {bytes, about: {model: version.model, version: version.version, spec, checked}};
    },
  };
}

async function importedContents(
  runtime: Runtime,
  definition: ImportedModelDefinition,
  number: number | undefined,
): Promise<Contents> {
  const {file, version} = await importedVersion(runtime, definition, number);
  const identity = {model: definition.name, version: version.version};
  const title = `${definition.name}, version ${version.version} (imported from ${basename(definition.from)}). Exported by Millrace: do not edit.`;
  return {
    ...identity,
    module: async () => ({exported: await importedModule(definition, file, version), title}),
    mlflow: async () => importedMlflowFiles(file.bytes, {...identity, createdAt: version.at}),
    onnx: async () => ({bytes: file.bytes, about: {...identity, spec: null, checked: null}}),
  };
}

const withoutOnnx = ({model, version}: ModelVersion): MillraceError =>
  new MillraceError('RECORD_NOT_FOUND', `Version ${version} of '${model}' was registered without an ONNX export.`, {
    fix: 'Export another version, or train again.',
  });

async function writeModule(
  out: string,
  target: ModuleTarget,
  force: boolean,
  contents: Contents,
  script: string,
): Promise<WrittenFile[]> {
  const {exported, title} = await contents.module();
  const files = (name: string) => moduleFiles(name, target, script, exported, title);
  if (/\.m?js$/.test(out)) return writeBeside(inFolder(dirname(out), files(basename(out))), force);
  return writeFolder(out, new Map([...files(MODULE_NAMES[target]), ...companionFiles(target, exported)]), force);
}

async function writeOnnx(out: string, force: boolean, contents: Contents): Promise<WrittenFile[]> {
  const {bytes, about} = await contents.onnx();
  const alone = extname(out) === '.onnx';
  const name = alone ? basename(out) : `${contents.model}-${contents.version}.onnx`;
  const manifest = `${JSON.stringify(onnxManifest(bytes, about, name), null, 2)}\n`;
  const files = new Map<string, string | Uint8Array>([
    [name, bytes],
    [name.replace(/\.onnx$/, '.json'), manifest],
  ]);
  return alone ? writeBeside(inFolder(dirname(out), files), force) : writeFolder(out, files, force);
}

const inFolder = (folder: string, files: ExportFiles): ExportFiles =>
  new Map([...files].map(([name, content]) => [resolve(join(folder, name)), content]));
