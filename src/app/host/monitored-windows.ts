import type {MonitorWindow} from '../../protocol/index.ts';
import {findModel} from '../project/project.ts';
import {NEWEST_WINDOWS} from '../runtime/monitor-records.ts';
import type {Host} from './host.ts';

/** Bounds on when windows begin: [from, to) (UTC ms). */
export type WindowRange = {readonly from?: number; readonly to?: number};

/** Windows of a model, oldest first: the newest 2,000, or all that begin within bounds. Throws MODEL_NOT_FOUND. */
export async function monitoredWindows(
  {runtime: {project, monitoring}, platform}: Host,
  model: string,
  range: WindowRange = {},
): Promise<readonly MonitorWindow[]> {
  findModel(project, model);
  if (range.from !== undefined || range.to !== undefined) return monitoring.windows(model, range);
  const live = platform?.models.find(({definition}) => definition.name === model);
  return live ? live.watch.windows.slice(-NEWEST_WINDOWS) : monitoring.windows(model, {limit: NEWEST_WINDOWS});
}
