import {MillraceError, type Problem} from '../../protocol/index.ts';
import {qualityProblems} from '../quality/definitions/quality-problems.ts';
import {objectiveProblems} from '../slo/objective-problems.ts';
import type {MonitorPolicy} from './monitor-policy.ts';

/** All that is wrong with a policy, in one DEFINITION_INVALID. */
export function checkMonitorPolicy(policy: MonitorPolicy): void {
  const problems = [
    ...persistenceProblems(policy),
    ...boundProblems(policy),
    ...qualityProblems(policy.quality),
    ...objectiveProblems(policy.slos),
  ];
  if (problems.length === 0) return;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  throw new MillraceError('DEFINITION_INVALID', `The monitoring policy has ${count}: ${problems[0]!.message}`, {
    problems,
    fix: problems[0]!.fix!,
  });
}

function persistenceProblems(policy: MonitorPolicy): Problem[] {
  const {performance, calibration, drift, predictionDrift, volume, errors, latency} = policy;
  const rules = {performance, calibration, drift, predictionDrift, volume, errors, latency};
  return Object.entries(rules).flatMap(([path, rule]) => {
    if (rule === null) return [];
    const {k, n} = rule.for;
    if (Number.isInteger(k) && Number.isInteger(n) && k >= 1 && k <= n && n <= 100) return [];
    return [
      {
        path: `${path}.for`,
        message: `${path} asks for ${k} of ${n} windows.`,
        fix: 'Give whole numbers with 1 <= k <= n <= 100.',
      },
    ];
  });
}

function boundProblems(policy: MonitorPolicy): Problem[] {
  const {performance, calibration, drift, predictionDrift, volume, errors, latency} = policy;
  const ratio = calibration?.ratio;
  const bounds: readonly (readonly [path: string, given: unknown, holds: boolean, fix: string])[] = [
    ['window', policy.windowMs, policy.windowMs >= 60_000, 'Take windows of 1m or more.'],
    ['zone', policy.zone, isZone(policy.zone), 'Give an IANA zone, such as Europe/Athens, or UTC.'],
    [
      'reference.weeks',
      policy.reference.kind === 'season' ? policy.reference.weeks : '',
      policy.reference.kind === 'training' || isWhole(policy.reference.weeks, 1, 52),
      'Give a whole number of weeks, 1 to 52.',
    ],
    [
      'sliding',
      policy.sliding,
      policy.sliding === null || isWhole(policy.sliding, 2, 400),
      'Give a whole number of windows, 2 to 400, or null.',
    ],
    ['slices', policy.slices.join(', '), new Set(policy.slices).size === policy.slices.length, 'Name each once.'],
    [
      'estimate.decideAt',
      policy.estimate?.decideAt,
      !policy.estimate || (policy.estimate.decideAt > 0 && policy.estimate.decideAt < 1),
      'Give a score between 0 and 1, such as 0.5.',
    ],
    [
      'multivariate.auc',
      policy.multivariate?.auc,
      !policy.multivariate || (policy.multivariate.auc > 0.5 && policy.multivariate.auc < 1),
      'Give an AUC between 0.5 (no difference) and 1, such as 0.6.',
    ],
    [
      'multivariate.alpha',
      policy.multivariate?.alpha,
      !policy.multivariate || (policy.multivariate.alpha > 0 && policy.multivariate.alpha < 1),
      'Give a rate such as 0.01.',
    ],
    ['hysteresis', policy.hysteresis, policy.hysteresis >= 0 && policy.hysteresis <= 1, 'Give a share from 0 to 1.'],
    ['performance.drop', performance?.drop, !performance || performance.drop > 0, 'Give a drop above 0, such as 0.02.'],
    [
      'calibration.ratio',
      ratio?.join(' to '),
      !ratio || (ratio[0] > 0 && ratio[0] < 1 && ratio[1] > 1),
      'Give bounds around 1, such as [0.8, 1.25].',
    ],
    ['drift.effect', drift?.effect, !drift || drift.effect > 0, 'Give an effect above 0, such as 0.2.'],
    ['drift.alpha', drift?.alpha, !drift || (drift.alpha > 0 && drift.alpha < 1), 'Give a rate such as 0.01.'],
    [
      'predictionDrift.effect',
      predictionDrift?.effect,
      !predictionDrift || predictionDrift.effect > 0,
      'Give an effect above 0, such as 0.2.',
    ],
    [
      'volume.dropBelow',
      volume?.dropBelow,
      !volume || (volume.dropBelow > 0 && volume.dropBelow < 1),
      'Give a share below 1, such as 0.5.',
    ],
    ['errors.share', errors?.share, !errors || (errors.share >= 0 && errors.share < 1), 'Give a share such as 0.01.'],
    ['latency.p99Us', latency?.p99Us, !latency || latency.p99Us > 0, 'Give microseconds above 0.'],
  ];
  return bounds
    .filter(([, , holds]) => !holds)
    .map(([path, given, , fix]) => ({path, message: `${path} is ${given}.`, fix}));
}

const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to;

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', {timeZone: zone});
    return true;
  } catch {
    return false;
  }
}
