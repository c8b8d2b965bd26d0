import {MillraceError, type ModelVersion} from '../../protocol/index.ts';
import type {ModelRegistry} from '../../registry/index.ts';

/**
 * The version to be deployed: the one that is named, or the newest that passed its gates. Throws VERSION_NOT_FOUND,
 * GATE_FAILED with the gates that failed.
 */
export async function deployable(registry: ModelRegistry, model: string, version?: number): Promise<ModelVersion> {
  const found =
    version === undefined
      ? newestPassed(model, await registry.versions(model))
      : await registry.version(model, version);
  if (found.evaluation.passed) return found;
  throw new MillraceError('GATE_FAILED', `Version ${found.version} of '${model}' did not pass its gates.`, {
    problems: found.evaluation.gates.filter(gate => !gate.passed).map(({gate, message}) => ({path: gate, message})),
    fix: 'Deploy another version, or train again.',
  });
}

function newestPassed(name: string, versions: readonly ModelVersion[]): ModelVersion {
  const found = versions.find(version => version.evaluation.passed);
  if (found) return found;
  throw new MillraceError(
    versions.length === 0 ? 'VERSION_NOT_FOUND' : 'GATE_FAILED',
    versions.length === 0 ? `'${name}' has no version yet.` : `No version of '${name}' passed its gates.`,
    {fix: versions.length === 0 ? 'Run millrace train first.' : 'See why: millrace evaluate.'},
  );
}
