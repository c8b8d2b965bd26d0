import {formatDuration} from '../../protocol/index.ts';
import type {MonitorPolicy, Persistence} from './monitor-policy.ts';

/** The rules in words, one sentence each. */
export function describeMonitorPolicy(policy: MonitorPolicy): string[] {
  const {performance, calibration, drift, predictionDrift, volume, errors, latency} = policy;
  const often = ({k, n}: Persistence): string => (n === 1 ? 'in a window' : `in ${k} of ${n} windows`);
  const rules: (string | null)[] = [
    `Windows of ${formatDuration(policy.windowMs)}, aligned to UTC; the reference is the training data.`,
    performance &&
      `Page when AUC lies below that of the test split less ${performance.drop}, interval included, ${often(performance.for)}.`,
    calibration &&
      `Page when mean prediction / base rate lies outside [${calibration.ratio.join(', ')}], interval included, ${often(calibration.for)}.`,
    errors && `Page when more than ${errors.share * 100} % of requests cannot be answered ${often(errors.for)}.`,
    drift &&
      `Ticket when ${drift.features === 'important' ? 'important features' : 'features'} drift (effect ${drift.effect} or more, significant at ${drift.alpha}${drift.except.length > 0 ? `; not ${drift.except.join(', ')}` : ''}) ${often(drift.for)}.`,
    predictionDrift &&
      `Ticket when predictions drift by an effect of ${predictionDrift.effect} or more ${often(predictionDrift.for)}.`,
    volume &&
      `Ticket when predictions fall below ${volume.dropBelow * 100} % of the usual volume ${often(volume.for)}.`,
    latency && `Ticket when the p99 latency exceeds ${latency.p99Us} µs ${often(latency.for)}.`,
  ];
  return rules.filter(text => text !== null);
}
