import {type Problem, requireValid} from '../../protocol/index.ts';
import type {ServingPolicy} from './serving-policy.ts';

/** Levels that are no steps of a chain, and steps that go by their kind. */
const RESERVED = ['model', 'sticky', 'cached', 'precomputed'];
const KINDS: ReadonlySet<string> = new Set(['last', 'value']);

/** Throws DEFINITION_INVALID with everything that is wrong with a policy in itself. */
export function checkServingPolicy(policy: ServingPolicy): void {
  const problems: Problem[] = [];
  const must = (holds: boolean, path: string, message: string) => {
    if (!holds) problems.push({path, message});
  };
  const whole = (value: number, path: string, least = 1) =>
    must(
      Number.isSafeInteger(value) && value >= least,
      path,
      `'${path}' is ${value}; it is a whole number from ${least}.`,
    );
  const share = (value: number, path: string) =>
    must(value >= 0 && value <= 1, path, `'${path}' is ${value}; a share lies between 0 and 1.`);
  const {fallback, breaker, features, inputs, sticky, abstain, cache, hybrid, load, log} = policy;
  const named = new Set(RESERVED);
  fallback.forEach((step, i) => {
    const name = step.kind === 'simpler' ? `simpler ${step.model}` : step.kind === 'rule' ? step.name : step.kind;
    must(
      !named.has(name) && !(step.kind === 'rule' && KINDS.has(name)),
      `fallback[${i}]`,
      `Another level is called '${name}'; answers, metrics and the log go by that name.`,
    );
    named.add(name);
    if (step.kind === 'value') {
      must(Number.isFinite(step.value), `fallback[${i}]`, `The value is ${step.value}; it must be finite.`);
      must(
        i === fallback.length - 1,
        `fallback[${i}]`,
        'A fixed value always answers: what stands after it is never tried.',
      );
    }
  });
  whole(breaker.failures, 'breaker.failures');
  whole(breaker.of, 'breaker.of');
  must(
    breaker.failures <= breaker.of,
    'breaker',
    `${breaker.failures} failures cannot be counted in ${breaker.of} calls.`,
  );
  share(features.mayMiss, 'features.mayMiss');
  must(
    inputs.margin >= 0 && Number.isFinite(inputs.margin),
    'inputs.margin',
    `'inputs.margin' is ${inputs.margin}; it is 0 or more.`,
  );
  if (sticky) {
    share(sticky.until, 'sticky.until');
    whole(sticky.entries, 'sticky.entries');
  }
  if (abstain)
    must(
      abstain.below > 0.5 && abstain.below < 1,
      'abstain.below',
      `'abstain.below' is ${abstain.below}; the confidence of a probability lies between 0.5 and 1.`,
    );
  if (cache) whole(cache.entries, 'cache.entries');
  if (hybrid) {
    whole(hybrid.times, 'hybrid.times');
    whole(hybrid.entries, 'hybrid.entries');
    must(
      hybrid.maxAgeMs >= hybrid.everyMs,
      'hybrid.maxAge',
      'Answers made beforehand must live as long as it takes until they are made again.',
    );
  }
  whole(load.queue, 'load.queue', 0);
  whole(load.batchRows, 'load.batchRows');
  must(
    load.batchWaitMs >= 0 && load.batchWaitMs <= 1_000,
    'load.batchWaitMs',
    `'load.batchWaitMs' is ${load.batchWaitMs}; it is 0 to 1,000.`,
  );
  share(log.sample, 'log.sample');
  requireValid('The serving policy', problems);
}
