// The files of a self-contained module, by target.
import type {ModelVersion} from '../../protocol/index.ts';
import {browserPage, DEMO_SCRIPT} from './browser-page.ts';
import {declarationsOf} from './declarations.ts';
import type {ExportedModel} from './edge/exported-model.ts';
import type {ExportFiles} from './files.ts';
import {moduleText} from './module-text.ts';

export type ModuleTarget = 'browser' | 'node' | 'edge';

export const isModuleTarget = (target: string): target is ModuleTarget =>
  target === 'browser' || target === 'node' || target === 'edge';

/** What the first line of each file says: which model this is, and where it comes from. */
export const titleOf = ({model, version, algorithm, dataset}: ModelVersion): string =>
  `${model}, version ${version} (${algorithm}, trained on ${dataset.rows} rows as known on ${new Date(dataset.asOf).toISOString().slice(0, 10)}). Exported by Millrace: do not edit.`;

/** The module and its types as files of these names, such as `model.js`: its types are in `model.d.ts`. */
export function moduleFiles(
  name: string,
  target: ModuleTarget,
  runtime: string,
  exported: ExportedModel,
  title: string,
): ExportFiles {
  const handler = target === 'edge';
  return new Map([
    [name, moduleText(runtime, exported, title, handler)],
    [name.replace(/\.(m?)js$/, '.d.$1ts'), declarationsOf(exported, title, handler)],
  ]);
}

/** The names of the modules in folders. */
export const MODULE_NAMES: Record<ModuleTarget, string> = {browser: 'model.js', node: 'index.js', edge: 'worker.js'};

/** What stands beside the module in a folder of its own. */
export function companionFiles(target: ModuleTarget, exported: ExportedModel): ExportFiles {
  if (target === 'browser')
    return new Map([
      ['index.html', browserPage(exported.model)],
      ['demo.js', DEMO_SCRIPT],
    ]);
  return target === 'node' ? new Map([['package.json', packageManifest(exported)]]) : new Map();
}

function packageManifest({model, version}: ExportedModel): string {
  const name = model
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const manifest = {
    name: `${name}-model`,
    version: `${version}.0.0`,
    private: true,
    type: 'module',
    exports: {'.': {types: './index.d.ts', default: './index.js'}},
    engines: {node: '>=20'},
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
