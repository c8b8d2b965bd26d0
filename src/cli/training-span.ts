import type {ModelDefinition, Runtime} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';

/** The stretch of history that a training by hand looks at. Throws DATASET_EMPTY before anything was ingested. */
export function trainingSpan(
  {gate, clock}: Runtime,
  {decisions}: ModelDefinition,
  {from, asOf}: {readonly from?: number; readonly asOf?: number},
): {readonly from: number; readonly asOf: number; readonly createdAt: number} {
  const first = gate.report(decisions.name).from;
  if (first === null)
    throw new MillraceError('DATASET_EMPTY', `There are no events in '${decisions.name}' yet.`, {
      fix: 'Run millrace ingest first, or push events to a server.',
    });
  const createdAt = clock.now();
  return {from: from ?? first, asOf: asOf ?? createdAt, createdAt};
}
