import {findModel, openRuntime} from '../../src/app/index.ts';
import {readHistory} from '../../src/events/index.ts';
import {type Deployed, type Flights, throwAwayFolder} from '../harness/flights.ts';

const BODIES = 2_000;

type Instance = Readonly<Record<string, unknown>>;

/** Requests as they would come next: the first departures after the midpoint. */
export async function flightInstances({project, source}: Flights, {midpoint}: Deployed): Promise<Instance[]> {
  const {decisions, features} = findModel(project);
  const runtime = await openRuntime(project, {folder: throwAwayFolder()});
  const instances: Instance[] = [];
  for await (const {count, columns} of readHistory(decisions, runtime.sql, {folder: source, from: midpoint})) {
    for (let i = 0; i < count && instances.length < BODIES; i++)
      instances.push(Object.fromEntries(Object.keys(features.request).map(field => [field, columns[field]![i]])));
    if (instances.length === BODIES) break;
  }
  await runtime.close();
  return instances;
}

/** A request of our own API. */
export const ownBody = (instance: Instance): string => JSON.stringify({instances: [instance]});

/** The same request in the Open Inference Protocol: one tensor for each field. */
export const v2Body = (instance: Instance): string =>
  JSON.stringify({
    inputs: Object.entries(instance).map(([name, value]) => ({
      name,
      shape: [1],
      datatype: typeof value === 'string' ? 'BYTES' : 'INT64',
      data: [value],
    })),
  });
