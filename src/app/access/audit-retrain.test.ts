import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {addStep, finishRetrain, retrainPolicy, startRetrain, withChallenger} from '../../continual/index.ts';
import type {Retrain, TriggerKind} from '../../protocol/index.ts';
import {openAccessRecords} from './access-records.ts';
import {auditRetrain} from './audit-retrain.ts';

const started = (kind: TriggerKind) =>
  startRetrain(retrainPolicy({takes: '2h'}), {
    id: 'r1',
    model: 'late',
    trigger: {kind, reason: 'AUC fell to 0.69', alertId: null},
    firedAt: 1,
    incumbent: 1,
  });

/** Every record of a retrain as the driver saves it, in order. */
function saved(kind: TriggerKind, outcome: 'promoted' | 'rejected'): Retrain[] {
  const first = started(kind);
  const trained = withChallenger(first, 2);
  const told = addStep(trained, {at: 2, stage: 'training', message: 'Trained.', figures: {}});
  const judged = addStep(told, {at: 3, stage: 'gates', message: 'Passed.', figures: {}});
  return [first, trained, told, judged, finishRetrain(judged, outcome, {at: 4, message: 'It is better.', figures: {}})];
}

test.each([
  ['manual', 'promoted', 'user ada', 'retrain.promote'],
  ['drift', 'rejected', 'the policy', 'retrain.reject'],
] as const)(
  'a retrain that is %s and %s leaves two entries: begun by %s, and %s by the policy',
  async (kind, outcome, who, action) => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    const {audit, close} = await openAccessRecords(folder);
    for (const retrain of saved(kind, outcome))
      await auditRetrain(audit, retrain, kind === 'manual' ? 'user ada' : 'the policy');
    expect((await audit.list()).entries.map(({who, action, what, detail}) => [who, action, what, detail])).toEqual([
      ['the policy', action, 'late v2', {retrain: 'r1', reason: 'It is better.'}],
      [who, 'retrain.start', 'late', {retrain: 'r1', reason: 'AUC fell to 0.69'}],
    ]);
    await close();
    rmSync(folder, {recursive: true});
  },
);
