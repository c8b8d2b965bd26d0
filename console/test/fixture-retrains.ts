/** Fixture: a retrain that was promoted and one that was rejected. */
import type {Retrain, RetrainStep} from '../../src/protocol/index.ts';
import {MODEL} from './fixture-project.ts';
import {CANARY_ON, day, PROMOTED_ON} from './fixture-windows.ts';

/** Figures as the judge of a rollout gives them. */
function evidence(
  stage: string,
  pairedRows: number,
  stageRows: number,
  [difference, differenceLow, differenceHigh]: readonly [number, number, number],
  auc: number,
): RetrainStep['figures'] {
  return {
    stage,
    metric: 'logLoss',
    pairedRows,
    stageRows,
    challengerLoss: 0.4412 + difference,
    championLoss: 0.4412,
    difference,
    differenceLow,
    differenceHigh,
    margin: 0.002,
    challengerAuc: 0.7264 + auc,
    championAuc: 0.7264,
    challengerErrors: 0,
  };
}

export const retrains: readonly Retrain[] = [
  {
    id: 'retrain-2',
    model: MODEL,
    trigger: {kind: 'schedule', reason: '30 days since v2 was trained.', alertId: null},
    firedAt: day(68),
    availableAt: day(68, 1),
    finishedAt: day(73),
    incumbent: 2,
    challenger: 3,
    outcome: 'rejected',
    steps: [
      {at: day(68), stage: 'trigger', message: '30 days since v2 was trained.', figures: {}},
      {
        at: day(68, 1),
        stage: 'training',
        message: 'v3 trained on 90 days, from scratch.',
        figures: {rows: 1_522_500, seconds: 17.8},
      },
      {at: day(68, 3), stage: 'gates', message: 'All 5 gates passed.', figures: {auc: 0.7461, passed: '5 of 5'}},
      {
        at: day(68, 3),
        stage: 'shadow',
        message: 'v3 answers nobody and is compared on every prediction.',
        figures: {},
      },
      {
        at: day(73),
        stage: 'rejection',
        message: 'Shown worse on the same requests: log loss +0.00410 [+0.00250, +0.00570] on 61204 rows.',
        figures: evidence('shadow', 61_204, 61_204, [0.0041, 0.0025, 0.0057], -0.0031),
      },
    ],
  },
  {
    id: 'retrain-1',
    model: MODEL,
    trigger: {
      kind: 'performance',
      reason: 'AUC 0.7192 below 0.7262 (test 0.7412 less 0.015).',
      alertId: 'late:alert-1',
    },
    firedAt: day(33, 6),
    availableAt: day(33, 7),
    finishedAt: day(PROMOTED_ON),
    incumbent: 1,
    challenger: 2,
    outcome: 'promoted',
    steps: [
      {at: day(33, 6), stage: 'trigger', message: 'AUC 0.7192 below 0.7262.', figures: {auc: 0.7192, allowed: 0.7262}},
      {
        at: day(33, 7),
        stage: 'training',
        message: 'v2 trained on 90 days, continued from v1.',
        figures: {rows: 1_491_500, seconds: 16.8},
      },
      {at: day(34, 3), stage: 'gates', message: 'All 5 gates passed.', figures: {auc: 0.7488, passed: '5 of 5'}},
      {
        at: day(34, 3),
        stage: 'shadow',
        message: 'v2 answers nobody and is compared on every prediction.',
        figures: {},
      },
      {
        at: day(CANARY_ON),
        stage: 'canary',
        message:
          'Not shown worse in stage 1 of 2: log loss -0.00310 [-0.00590, -0.00030] on 31118 rows. Now v2 answers a tenth of the traffic.',
        figures: evidence('shadow', 31_118, 31_118, [-0.0031, -0.0059, -0.0003], 0.0074),
      },
      {
        at: day(PROMOTED_ON),
        stage: 'promotion',
        message:
          'Shown less than 0.002 worse on the same requests: log loss -0.00380 [-0.00570, -0.00190] on 81900 rows.',
        figures: evidence('canary step 1', 81_900, 4_988, [-0.0038, -0.0057, -0.0019], 0.0094),
      },
    ],
  },
];
