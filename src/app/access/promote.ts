import type {ReleasePlan} from '../../protocol/index.ts';
import type {Runtime} from '../runtime/runtime.ts';

/** Makes a version the champion of all traffic, because `who` said so, and keeps that. Throws as the registry does. */
export function promoteBy(
  {registry, audit, clock}: Pick<Runtime, 'registry' | 'audit' | 'clock'>,
  who: string,
  {model, version, reason}: {readonly model: string; readonly version: number; readonly reason: string},
): Promise<ReleasePlan> {
  return audit.during({who, action: 'version.deploy', what: `${model} v${version}`, detail: {reason}}, () =>
    registry.promote(model, version, {at: clock.now(), reason}),
  );
}
