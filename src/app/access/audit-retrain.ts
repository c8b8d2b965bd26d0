import type {AuditLog} from '../../access/index.ts';
import type {AuditAction, Retrain} from '../../protocol/index.ts';
import {THE_POLICY} from './who.ts';

/**
 * Keeps what a saved retrain says has changed: it began, its challenger was promoted, or it was rejected. `by`: who
 * started it, if it was by hand.
 */
export async function auditRetrain(audit: AuditLog, retrain: Retrain, by: string): Promise<void> {
  const action = actionOf(retrain);
  if (action === null) return;
  const {id, model, challenger, trigger} = retrain;
  const last = retrain.steps.at(-1);
  await audit.record({
    who: action === 'retrain.start' && trigger.kind === 'manual' ? by : THE_POLICY,
    action,
    what: challenger === null ? model : `${model} v${challenger}`,
    detail: {retrain: id, reason: action === 'retrain.start' ? trigger.reason : (last?.message ?? '')},
  });
}

function actionOf({outcome, challenger}: Retrain): AuditAction | null {
  if (outcome === 'promoted') return 'retrain.promote';
  if (outcome === 'rejected') return 'retrain.reject';
  return outcome === 'training' && challenger === null ? 'retrain.start' : null;
}
