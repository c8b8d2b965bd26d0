// Which model versions are in use, and since when others are not.
import type {ModelVersion, ReleasePlan} from '../../protocol/index.ts';
import {type ModelRegistry, previousChampion} from '../../registry/index.ts';

/** All versions and plans of one model. */
export type ModelHistory = {
  readonly model: string;
  /** Newest first. */
  readonly versions: readonly ModelVersion[];
  /** Newest first. */
  readonly plans: readonly ReleasePlan[];
};

/** Of all models that were ever registered, by name. */
export const modelHistories = async (registry: ModelRegistry): Promise<ModelHistory[]> =>
  Promise.all(
    (await registry.models()).map(async model => ({
      model,
      versions: await registry.versions(model),
      plans: await registry.plans(model),
    })),
  );

/** Whether it answers, may come to answer, or is what a rollback brings back. Others are history. */
export function inUse({version, status}: ModelVersion, {plans}: ModelHistory): boolean {
  if (status === 'rejected') return false;
  return status !== 'retired' || version === previousChampion([...plans].reverse());
}

/** When a version that is not in use was on a plan last; when it was made if it never was. */
export function leftUseAt({version, createdAt}: ModelVersion, {plans}: ModelHistory): number {
  const newest = plans.findIndex(({arms}) => arms.some(arm => arm.version === version));
  return newest < 1 ? createdAt : plans[newest - 1]!.at;
}
