import {MillraceError, nearest} from '../../protocol/index.ts';

/** Where an exported model runs, and what for. */
export const EXPORT_TARGETS = Object.freeze({
  browser: 'an ES module for a page, and a page that tries it',
  node: 'an ES module for Node.js, as a package',
  edge: 'an ES module with a Web-standard fetch handler, for Workers and the like',
  onnx: 'the registered ONNX file, and what its inputs mean',
  mlflow: "a folder in MLflow's model layout",
});

export type ExportTarget = keyof typeof EXPORT_TARGETS;

/** Throws USAGE for another name. */
export function exportTarget(name: string): ExportTarget {
  if (Object.hasOwn(EXPORT_TARGETS, name)) return name as ExportTarget;
  const near = nearest(name, Object.keys(EXPORT_TARGETS));
  throw new MillraceError('USAGE', `There is no export target '${name}'.`, {
    fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Use ${Object.keys(EXPORT_TARGETS).join(', ')}.`,
  });
}
