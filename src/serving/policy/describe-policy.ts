import {printExpression} from '../../features/index.ts';
import {formatDuration} from '../../protocol/index.ts';
import {describeHybrid} from '../precomputed/hybrid-predictions.ts';
import type {Fallback, ServingPolicy} from './serving-policy.ts';

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

const stepInWords = (step: Fallback): string => {
  switch (step.kind) {
    case 'simpler':
      return `the simpler model '${step.model}'`;
    case 'rule':
      return `the rule ${printExpression(step.node)}`;
    case 'last':
      return `the last answer to the same request, if it is at most ${formatDuration(step.maxAgeMs)} old`;
    case 'value':
      return `the value ${step.value}`;
  }
};

/** The written rules of serving, a sentence each. */
export function describeServing(policy: ServingPolicy): string[] {
  const {deadlineMs, fallback, breaker, features, inputs, sticky, abstain, cache, hybrid, log} = policy;
  const said: (string | false)[] = [
    deadlineMs !== null && `An answer is due within ${formatDuration(deadlineMs)}.`,
    fallback.length > 0 && `If the model cannot answer: ${fallback.map(stepInWords).join('; then ')}.`,
    fallback.length > 0 &&
      `A level that failed ${breaker.failures} of its last ${breaker.of} calls is left alone for ${formatDuration(breaker.coolMs)}.`,
    features.staleAfterMs !== null &&
      `Features older than ${formatDuration(features.staleAfterMs)} are stale: the next level answers.`,
    features.mayMiss < 1 && `At most ${percent(features.mayMiss)} of the features may be missing.`,
    inputs.outside !== 'ignore' &&
      `Inputs outside what training saw are ${PAST[inputs.outside]}${
        inputs.margin > 0 ? `, beyond a margin of ${percent(inputs.margin)}` : ''
      }.`,
    sticky !== null &&
      `The same ${sticky.by} gets the same answer for ${formatDuration(sticky.forMs)}, unless an input moves by more than ${percent(sticky.until)} of its range.`,
    abstain !== null && `Below a confidence of ${abstain.below} people decide.`,
    cache !== null && `Equal requests within ${formatDuration(cache.forMs)} get the same answer.`,
    hybrid !== null && describeHybrid(hybrid),
    log.sample < 1 && `${percent(log.sample)} of the predictions are logged.`,
  ];
  return said.filter(sentence => sentence !== false);
}

const PAST = {flag: 'flagged', clip: 'clipped', refuse: 'refused by the model'} as const;
