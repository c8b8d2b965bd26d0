// Predictions of the couriers' model, logged as they were served from its live state, with room to falsify some.
import {resolve} from 'node:path';
import {OnlineReader, StreamExecutor} from '../../features/index.ts';
import {seededRandom} from '../../math/index.ts';
import {columnSpecs, ManualClock} from '../../protocol/index.ts';
import {REQUEST_PREFIX} from '../live/logged-request.ts';
import {loadProject} from '../project/load.ts';
import {openRuntime} from '../runtime/open.ts';
import type {Runtime} from '../runtime/runtime.ts';

export const START = Date.UTC(2024, 0, 1);
export const KITCHENS = ['soup', 'grill', 'wok', 'oven', 'ψωμί', 'bar'];

export type Row = (number | string | null)[];

export async function openCouriers(folder: string): Promise<{runtime: Runtime; clock: ManualClock}> {
  const clock = new ManualClock(START);
  const project = await loadProject(resolve(import.meta.dirname, '../../../test/projects/couriers'));
  return {runtime: await openRuntime(project, {folder, clock, threads: 1, durability: 'process'}), clock};
}

/** Answers one request after each of `count` events; `falsify` may change the row of features that is logged. */
export async function serveRequests(
  {runtime, clock}: {readonly runtime: Runtime; readonly clock: ManualClock},
  count: number,
  falsify: (row: Row, i: number) => void = () => {},
): Promise<void> {
  const random = seededRandom(3);
  const {name, features} = runtime.project.models[0]!;
  const executor = new StreamExecutor(runtime.project.views);
  const reader = new OnlineReader(features, executor);
  const requests = columnSpecs(features.request).map(spec => ({...spec, name: `${REQUEST_PREFIX}${spec.name}`}));
  const writer = runtime.predictions.writer(
    name,
    [...features.features, ...requests].map(c => ({...c, nullable: true})),
  );
  for (let i = 0; i < count; i++) {
    clock.advanceTo(clock.now() + 60_000);
    const kitchen = KITCHENS[Math.floor(random() * KITCHENS.length)]!;
    const at = clock.now() - Math.floor(random() * 600_000);
    const event =
      random() < 0.5
        ? {stream: 'orders', row: {orderId: `o${i}`, kitchen, distance: Math.round(random() * 100) / 10, orderedAt: at}}
        : {stream: 'deliveries', row: {orderId: `d${i}`, kitchen, delay: Math.floor(random() * 30), deliveredAt: at}};
    await runtime.gate.push(event.stream, [event.row]);
    for await (const batch of runtime.log.read({from: executor.position})) executor.apply(batch);
    const request = {kitchen: KITCHENS[i % KITCHENS.length]!, distance: i / 10};
    const row: Row = reader.read(request, clock.now());
    falsify(row, i);
    writer.served({
      id: `p${i}`,
      at: clock.now(),
      version: 1,
      role: 'champion',
      propensity: 1,
      level: 'model',
      outside: [],
      prediction: 0.5,
      latencyUs: 10,
      position: executor.position,
      features: [...row, request.kitchen, request.distance],
    });
  }
  await runtime.predictions.flush();
}
