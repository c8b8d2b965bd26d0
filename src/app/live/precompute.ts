import {setImmediate as turn} from 'node:timers/promises';
import type {PredictionLog} from '../../logs/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {
  Declined,
  type HybridPredictions,
  type PrecomputedEntry,
  type PredictionService,
  type RequestFields,
} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {loggedRequest} from './logged-request.ts';

/** Requests are answered in between so many predictions. */
const AT_ONCE = 100;

/** The process remembers no counts: what was asked within the time that they look back on is counted again. */
export async function recountRequests(
  hybrid: HybridPredictions,
  {name, features}: ModelDefinition,
  log: PredictionLog,
  now: number,
): Promise<void> {
  for await (const batch of log.served(name, {from: now - hybrid.policy.overMs}))
    for (let i = 0; i < batch.count; i++) hybrid.asked(loggedRequest(features.request, batch, i), batch.at[i]!);
}

/** Makes the answers to what is asked often, if it is time. A request that the model cannot answer now is left to the moment when it is asked. */
export async function precomputeDue(hybrid: HybridPredictions, service: PredictionService, now: number): Promise<void> {
  const due = hybrid.due(now);
  if (due !== null) await hybrid.replace(answersTo(due, service, now), now);
}

async function* answersTo(
  requests: readonly RequestFields[],
  service: PredictionService,
  at: number,
): AsyncGenerator<PrecomputedEntry> {
  for (const [i, request] of requests.entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await turn();
    const answer = answerOf(request, service, at);
    if (answer) yield {request, at, ...answer};
  }
}

function answerOf(request: RequestFields, service: PredictionService, at: number) {
  try {
    return service.precompute(request, at);
  } catch (error) {
    if (error instanceof Declined || error instanceof MillraceError) return null;
    throw error;
  }
}
