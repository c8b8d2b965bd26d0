import {type QualityCheck, type QualityCheckInput, served} from './quality-check.ts';

/** The checks of a policy, those of streams made into checks of what is served. Throws DEFINITION_INVALID for what is about a stream alone. */
export const qualityChecks = <C extends string>(
  given: readonly QualityCheckInput<C>[] = [],
): readonly QualityCheck<C>[] => Object.freeze(given.map(check => served<C>(check)));
