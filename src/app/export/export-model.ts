/** A version of a model as files that need no server. */
import {basename, dirname, extname, join, resolve} from 'node:path';
import {MillraceError, type ModelVersion} from '../../protocol/index.ts';
import {findModel} from '../project/project.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {type ExportFiles, type WrittenFile, writeBeside, writeFolder} from './files.ts';
import {mlflowFiles} from './mlflow-files.ts';
import {companionFiles, isModuleTarget, MODULE_NAMES, type ModuleTarget, moduleFiles} from './module-files.ts';
import {onnxManifest} from './onnx-manifest.ts';
import {runtimeText} from './runtime-text.ts';
import {exportTarget} from './target.ts';
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
  readonly target: string;
  readonly files: readonly WrittenFile[];
};

/**
 * Throws USAGE for a target that there is not and for an `out` that is taken, MODEL_NOT_FOUND, VERSION_NOT_FOUND,
 * RECORD_NOT_FOUND for a version without ONNX export, STORE_CORRUPT.
 */
export async function exportModel(runtime: Runtime, options: ExportOptions): Promise<ExportReport> {
  const {out, force = false} = options;
  const target = exportTarget(options.target);
  const definition = findModel(runtime.project, options.model);
  const version = await versionToExport(runtime, definition, options.version);
  const report = (files: readonly WrittenFile[]): ExportReport => ({
    model: version.model,
    version: version.version,
    target,
    files,
  });
  if (isModuleTarget(target)) {
    const script = options.runtime ?? (await runtimeText());
    const exported = await exportedModel(runtime, definition, version);
    return report(
      await writeModule(out, target, force, name => moduleFiles(name, target, script, exported, version), version),
    );
  }
  if (target === 'mlflow') {
    const files = mlflowFiles(await runtime.registry.artifact(version), version);
    return report(await writeFolder(out, files, force));
  }
  return report(await writeOnnx(runtime, version, out, force));
}

async function writeModule(
  out: string,
  target: ModuleTarget,
  force: boolean,
  files: (name: string) => ExportFiles,
  version: ModelVersion,
): Promise<WrittenFile[]> {
  if (/\.m?js$/.test(out)) return writeBeside(inFolder(dirname(out), files(basename(out))), force);
  return writeFolder(out, new Map([...files(MODULE_NAMES[target]), ...companionFiles(target, version)]), force);
}

async function writeOnnx(runtime: Runtime, version: ModelVersion, out: string, force: boolean): Promise<WrittenFile[]> {
  const onnx = await runtime.registry.onnx(version);
  if (!onnx)
    throw new MillraceError(
      'RECORD_NOT_FOUND',
      `Version ${version.version} of '${version.model}' was registered without an ONNX export.`,
      {fix: 'Export another version, or train again.'},
    );
  const artifact = await runtime.registry.artifact(version);
  const [folder, name] =
    extname(out) === '.onnx' ? [dirname(out), basename(out)] : [null, `${version.model}-${version.version}.onnx`];
  const manifest = `${JSON.stringify(onnxManifest(onnx, artifact, version, name), null, 2)}\n`;
  const files = new Map<string, string | Uint8Array>([
    [name, onnx],
    [name.replace(/\.onnx$/, '.json'), manifest],
  ]);
  return folder === null ? writeFolder(out, files, force) : writeBeside(inFolder(folder, files), force);
}

const inFolder = (folder: string, files: ExportFiles): ExportFiles =>
  new Map([...files].map(([name, content]) => [resolve(join(folder, name)), content]));
