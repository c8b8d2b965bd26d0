/** How a model answers when all is well, and what it does when not: written rules, as frozen data. */
import {expressionOver, type FeatureSet, type Node} from '../../features/index.ts';
import {type Duration, durationMs, type Schema} from '../../protocol/index.ts';
import {checkServingPolicy} from './check-policy.ts';

/** One step down from the model in charge, in the order in which they are tried. */
export type Fallback =
  /** A simpler model that was trained beside the version: the name of a trainer or of a reduced model. */
  | {readonly kind: 'simpler'; readonly model: string}
  /** An expression over request and features; features that could not be read are null. */
  | {readonly kind: 'rule'; readonly name: string; readonly node: Node}
  /** What was last answered to the same request, if it is not older than this. */
  | {readonly kind: 'last'; readonly maxAgeMs: number}
  | {readonly kind: 'value'; readonly value: number};

/** After `failures` of the last `of` calls a level is left alone for `coolMs`, then one call tries it again. */
export type BreakerPolicy = {readonly failures: number; readonly of: number; readonly coolMs: number};

export type ServingPolicy = {
  /** From the arrival of a request to its answer; null: none. */
  readonly deadlineMs: number | null;
  readonly fallback: readonly Fallback[];
  readonly breaker: BreakerPolicy;
  readonly features: {
    /** The newest event of a view's key may be so old; null: any. Older ones are stale, and the next level answers. */
    readonly staleAfterMs: number | null;
    /** Share of the model's features that may be missing; above it the next level answers. 1: any. */
    readonly mayMiss: number;
  };
  readonly inputs: {
    /** What is done about numbers outside the range that training saw, and categories that it did not. */
    readonly outside: 'ignore' | 'flag' | 'clip' | 'refuse';
    /** The range is widened on both sides by this share of its width. */
    readonly margin: number;
  };
  /** The same unit gets the same answer again, until its inputs have moved or time is up; null: never. */
  readonly sticky: StickyPolicy | null;
  /** Answers whose confidence, max(p, 1 - p), is below this are handed to people; null: none are. */
  readonly abstain: {readonly below: number} | null;
  /** Equal requests within this time get the answer that was given before; null: none. */
  readonly cache: {readonly forMs: number; readonly entries: number} | null;
  /** Answers made beforehand for frequent requests; null: none are. */
  readonly hybrid: HybridPolicy | null;
  readonly load: LoadPolicy;
  /** Share of predictions that is logged, chosen by a hash of the id. */
  readonly log: {readonly sample: number};
};

export type StickyPolicy = {
  readonly forMs: number;
  /** Request field that names the unit. */
  readonly by: string;
  /** A number that has changed by more than this share of its range in training, or any other category, is a material change. */
  readonly until: number;
  readonly entries: number;
};

/** A request is frequent if it was asked `times` times within `overMs`; of those the `entries` most frequent are made every `everyMs`. */
export type HybridPolicy = {
  readonly times: number;
  readonly overMs: number;
  readonly entries: number;
  readonly everyMs: number;
  readonly maxAgeMs: number;
};

export type LoadPolicy = {
  /** Of models that are evaluated on threads of their own: requests that wait; more are turned away with QUEUE_FULL. */
  readonly queue: number;
  /** Rows in one of their batches, and how long the first of them may wait for more. */
  readonly batchRows: number;
  readonly batchWaitMs: number;
};

export type ServingPolicyInput = {
  readonly deadline?: Duration;
  readonly fallback?: readonly Fallback[];
  readonly breaker?: {readonly failures?: number; readonly of?: number; readonly cool?: Duration};
  readonly features?: {readonly staleAfter?: Duration; readonly mayMiss?: number};
  readonly inputs?: Partial<ServingPolicy['inputs']>;
  readonly sticky?: {readonly for: Duration; readonly by: string; readonly until?: number; readonly entries?: number};
  readonly abstain?: {readonly below: number};
  readonly cache?: {readonly for: Duration; readonly entries?: number};
  readonly hybrid?: {
    readonly times: number;
    readonly over: Duration;
    readonly entries?: number;
    readonly every: Duration;
    readonly maxAge?: Duration;
  };
  readonly load?: Partial<LoadPolicy>;
  readonly log?: Partial<ServingPolicy['log']>;
};

/**
 * A policy from the rules that differ from the defaults: no deadline, no fallback, inputs outside training flagged,
 * nothing sticky, cached or precomputed, all logged. Throws DEFINITION_INVALID with all problems at once.
 */
export function servingPolicy(input: ServingPolicyInput = {}): ServingPolicy {
  const {breaker, features, sticky, cache, hybrid} = input;
  const policy: ServingPolicy = {
    deadlineMs: input.deadline === undefined ? null : durationMs(input.deadline),
    fallback: input.fallback ?? [],
    breaker: {failures: breaker?.failures ?? 5, of: breaker?.of ?? 20, coolMs: durationMs(breaker?.cool ?? '10s')},
    features: {
      staleAfterMs: features?.staleAfter === undefined ? null : durationMs(features.staleAfter),
      mayMiss: features?.mayMiss ?? 1,
    },
    inputs: {outside: 'flag', margin: 0, ...input.inputs},
    sticky: sticky
      ? {forMs: durationMs(sticky.for), by: sticky.by, until: sticky.until ?? 0.1, entries: sticky.entries ?? 100_000}
      : null,
    abstain: input.abstain ?? null,
    cache: cache ? {forMs: durationMs(cache.for), entries: cache.entries ?? 10_000} : null,
    hybrid: hybrid
      ? {
          times: hybrid.times,
          overMs: durationMs(hybrid.over),
          entries: hybrid.entries ?? 10_000,
          everyMs: durationMs(hybrid.every),
          maxAgeMs: durationMs(hybrid.maxAge ?? hybrid.every) * (hybrid.maxAge === undefined ? 2 : 1),
        }
      : null,
    load: {queue: 256, batchRows: 64, batchWaitMs: 1, ...input.load},
    log: {sample: 1, ...input.log},
  };
  checkServingPolicy(policy);
  return Object.freeze(policy);
}

/** A model that was trained beside the version: one of `trainers`, or one of `reduced`, which reads fewer features. */
export const simpler = (model: string): Fallback => Object.freeze({kind: 'simpler', model});

/** A formula that people wrote: `rule(atDeparture, x => x.outLate_2h.orElse(0.2))`. Null is no answer. */
export function rule<Q extends Schema, F>(
  set: FeatureSet<Q, F>,
  define: Parameters<typeof expressionOver<Q, F>>[1],
  name = 'rule',
): Fallback {
  return Object.freeze({kind: 'rule', name, node: expressionOver(set, define)});
}

/** The last answer to the same request. */
export const lastPrediction = ({maxAge}: {readonly maxAge: Duration}): Fallback =>
  Object.freeze({kind: 'last', maxAgeMs: durationMs(maxAge)});

/** What is answered when nothing else can be. */
export const fixedValue = (value: number): Fallback => Object.freeze({kind: 'value', value});
