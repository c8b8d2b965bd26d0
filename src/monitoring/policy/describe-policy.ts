import {formatDuration} from '../../protocol/index.ts';
import {listWords} from '../alerts/words.ts';
import {rulesFor} from '../slo/burn-rate.ts';
import {objectiveWords} from '../slo/objective.ts';
import type {MonitorPolicy, Persistence} from './monitor-policy.ts';

/** The rules in words, one sentence each. */
export function describeMonitorPolicy(policy: MonitorPolicy): string[] {
  const {performance, calibration, drift, predictionDrift, volume, errors, latency} = policy;
  const {zone, reference, sliding, slices, estimate, multivariate} = policy;
  const often = ({k, n}: Persistence): string => (n === 1 ? 'in a window' : `in ${k} of ${n} windows`);
  const rules: (string | null | false | undefined)[] = [
    `Windows of ${formatDuration(policy.windowMs)} in ${zone}${sliding === null ? '' : `, and ${sliding} of them together`}; the reference is ${reference.kind === 'training' ? 'the training data' : `the same weekday of ${reference.weeks} weeks before`}.`,
    slices.length === 0 ? null : `Traffic is told apart by ${listWords(slices)}.`,
    performance &&
      `Page when AUC, measured${estimate ? ' or estimated' : ''}, lies below that of the test split less ${performance.drop}, interval included, ${often(performance.for)}.`,
    calibration &&
      `Page when mean prediction / base rate lies outside [${calibration.ratio.join(', ')}], interval included, ${often(calibration.for)}.`,
    errors && `Page when more than ${errors.share * 100} % of requests cannot be answered ${often(errors.for)}.`,
    ...policy.quality.map(
      ({severity, name}) => `${severity === 'page' ? 'Page' : 'Ticket'} when '${name}' does not hold in a window.`,
    ),
    drift &&
      `Ticket when ${drift.features === 'important' ? 'important features' : 'features'} drift (effect ${drift.effect} or more, significant at ${drift.alpha}${drift.except.length > 0 ? `; not ${drift.except.join(', ')}` : ''}) ${often(drift.for)}, or at once by an effect of 1.`,
    drift?.learn && 'Features that moved by more in thirty quiet windows or more are allowed what they did then.',
    predictionDrift &&
      `Ticket when predictions drift by an effect of ${predictionDrift.effect} or more ${often(predictionDrift.for)}.`,
    multivariate &&
      `Ticket when a classifier tells a window from the reference with an AUC of ${multivariate.auc} or more.`,
    volume &&
      `Ticket when predictions fall below ${volume.dropBelow * 100} % of the usual volume ${often(volume.for)}.`,
    latency && `Ticket when the p99 latency exceeds ${latency.p99Us} µs ${often(latency.for)}.`,
    ...policy.slos.map(objective => {
      const rules = rulesFor(objective).map(
        ({severity, rate, longMs}) => `${severity} from ${rate} over ${formatDuration(longMs)}`,
      );
      return `'${objective.name}' promises ${objectiveWords(objective)}; burn rates that tell somebody: ${rules.join(', ')}.`;
    }),
  ];
  return rules.filter(text => typeof text === 'string');
}
