import {isAbsolute, normalize} from 'node:path';
import {type Problem, requireValid} from '../../protocol/index.ts';
import {type ServingPolicy, servingPolicy} from '../../serving/index.ts';

/** A model that was made elsewhere and is served as it is: an ONNX file of the project. Frozen data. */
export interface ImportedModelDefinition {
  readonly kind: 'imported-model';
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  /** The ONNX file, relative to the folder of the project file. */
  readonly from: string;
  /** Names of the columns of its one input [rows, columns]; null: it says them itself, or f0, f1, …. */
  readonly columns: readonly string[] | null;
  readonly serving: ServingPolicy;
}

export type ImportedModelOptions = {
  readonly from: string;
  readonly description?: string;
  readonly owner?: string;
  readonly columns?: readonly string[];
  /** How it answers when all is well and when not. Its fallbacks are `lastPrediction` and `fixedValue`: it has no features. */
  readonly serving?: ServingPolicy;
};

/** Declares an ONNX model of any kind: `importedModel('scores', {from: 'models/scores.onnx'})`. Throws DEFINITION_INVALID. */
export function importedModel<const N extends string>(
  name: N,
  {from, description = '', owner = '', columns, serving = servingPolicy()}: ImportedModelOptions,
): ImportedModelDefinition {
  const problems: Problem[] = [];
  const must = (holds: boolean, path: string, message: string) => {
    if (!holds) problems.push({path, message});
  };
  must(name !== '', 'name', 'It has no name.');
  must(
    !isAbsolute(from) && !normalize(from).startsWith('..') && from.endsWith('.onnx'),
    'from',
    `'${from}' is no .onnx file inside the folder of the project file.`,
  );
  must(new Set(columns).size === (columns?.length ?? 0), 'columns', 'Two columns share a name.');
  for (const {kind} of serving.fallback)
    must(
      kind === 'last' || kind === 'value',
      'serving.fallback',
      `A fallback to '${kind}' needs features; an imported model can fall back to lastPrediction and fixedValue.`,
    );
  must(serving.hybrid === null, 'serving.hybrid', 'Answers are made beforehand only for requests by entity.');
  requireValid(`Imported model '${name}'`, problems);
  return Object.freeze({kind: 'imported-model', name, description, owner, from, columns: columns ?? null, serving});
}
