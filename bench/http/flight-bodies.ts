import {findModel, openRuntime} from '../../src/app/index.ts';
import {readHistory} from '../../src/events/index.ts';
import {type Deployed, type Flights, throwAwayFolder} from '../harness/flights.ts';

const BODIES = 2_000;

/** Requests as they would come next: the first departures after the midpoint, one instance each. */
export async function flightBodies({project, source}: Flights, {midpoint}: Deployed): Promise<string[]> {
  const {decisions, features} = findModel(project);
  const runtime = await openRuntime(project, {folder: throwAwayFolder()});
  const bodies: string[] = [];
  for await (const {count, columns} of readHistory(decisions, runtime.sql, {folder: source, from: midpoint})) {
    for (let i = 0; i < count && bodies.length < BODIES; i++) {
      const instance = Object.fromEntries(Object.keys(features.request).map(field => [field, columns[field]![i]]));
      bodies.push(JSON.stringify({instances: [instance]}));
    }
    if (bodies.length === BODIES) break;
  }
  await runtime.close();
  return bodies;
}
