import type {ServingStatus} from '../../protocol/index.ts';
import {describeServing} from '../../serving/index.ts';
import type {LiveModel} from '../live/live-model.ts';
import type {Host} from './host.ts';

/** How each model answers, since the process began. */
export async function servingStatus({platform, imported}: Host): Promise<ServingStatus[]> {
  const live = await Promise.all((platform?.models ?? []).map(model => statusOf(model, platform!.runtime.clock.now())));
  return [...live, ...(imported?.status() ?? [])];
}

async function statusOf(model: LiveModel, now: number): Promise<ServingStatus> {
  const {definition, service, reviews} = model;
  const ready = service.plan !== null;
  return {
    model: definition.name,
    ready,
    version: ready ? service.champion.version : null,
    predictions: model.predictions,
    errors: model.errors,
    unlogged: model.unlogged,
    answeredBy: Object.fromEntries(model.levels),
    levels: service.levels(),
    lacking: service.lacking,
    policy: describeServing(definition.serving),
    hybrid: model.hybrid?.figures(now) ?? null,
    reviews: {open: (await reviews.list({state: 'open', limit: 10_000})).length, dropped: reviews.dropped},
  };
}
