// Definitions with all their versions, and which of these nobody uses.
import type {DefinitionRecord, DefinitionVersion, ModelVersion} from '../../protocol/index.ts';
import type {Catalogue, DefinitionHistory} from './catalogue.ts';
import {inUse, leftUseAt, type ModelHistory} from './usage.ts';

/** Views, then feature sets, by name; versions newest first. */
export async function definitionRecords(
  catalogue: Catalogue,
  models: readonly ModelHistory[],
): Promise<DefinitionRecord[]> {
  const [histories, versions] = [await catalogue.histories(), await catalogue.versions()];
  return histories.map(history => {
    const {of, name} = history;
    const own = versions.filter(v => v.of === of && v.name === name).reverse();
    const last = history.history.at(-1);
    return {
      of,
      name,
      current: last?.number ?? null,
      currentSince: last?.at ?? 0,
      versions: own.map(({definition: _, ...version}) => {
        const pinning = models.flatMap(model =>
          model.versions.filter(candidate => pins(candidate, version)).map(candidate => ({candidate, model})),
        );
        const idle = last?.number !== version.number && pinning.every(({candidate, model}) => !inUse(candidate, model));
        const left = pinning.map(({candidate, model}) => leftUseAt(candidate, model));
        return {
          ...version,
          usedBy: pinning.map(({candidate}) => ({
            model: candidate.model,
            version: candidate.version,
            status: candidate.status,
          })),
          unusedSince: idle ? Math.max(replacedAt(history, version.number), ...left) : null,
        };
      }),
    };
  });
}

/** Whether a model version was trained with this version of a definition. */
export function pins(
  {views, featureSet}: ModelVersion,
  {of, name, hash}: Pick<DefinitionVersion, 'of' | 'name' | 'hash'>,
): boolean {
  if (of === 'view') return views?.some(view => view.name === name && view.version === hash) ?? false;
  return featureSet?.name === name && featureSet.version === hash;
}

/** When the project file defined something else instead. */
function replacedAt({history}: DefinitionHistory, number: number): number {
  const last = history.findLastIndex(entry => entry.number === number);
  return history[last + 1]?.at ?? history[last]?.at ?? 0;
}
