import type {PredictionLog} from '../../logs/index.ts';
import {type PredictionService, readFeaturesNow} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {loggedRequest} from './logged-request.ts';

/** After a restart the last answers of the model are known again, as far back as its fallback would use them. */
export async function recallAnswers(
  service: PredictionService,
  {name, serving, features}: ModelDefinition,
  log: PredictionLog,
  now: number,
): Promise<void> {
  const reach = Math.max(0, ...serving.fallback.map(step => (step.kind === 'last' ? step.maxAgeMs : 0)));
  if (reach === 0) return;
  for await (const batch of log.served(name, {from: now - reach}))
    for (let i = 0; i < batch.count; i++)
      if (readFeaturesNow(batch.levels[i]!))
        service.recall(loggedRequest(features.request, batch, i), batch.predictions[i]!, batch.at[i]!);
}
