/** How a model answers, as words and shares. */

/** What is read of a `LevelRecord` and of a `ServingStatus`. */
type LevelState = {
  readonly level: string;
  readonly skipped: {readonly [reason: string]: number};
  readonly breaker: keyof typeof BREAKERS;
};
type Answering<L> = {readonly answeredBy: {readonly [level: string]: number}; readonly levels: readonly L[]};

/** Answers that were given before, and are given again. */
export const BEFORE = ['precomputed', 'cached', 'sticky'] as const;

const REASONS: Readonly<Record<string, string>> = {
  timeout: 'too late',
  'predicted-latency': 'would have been late',
  error: 'failed',
  'breaker-open': 'breaker open',
  'missing-features': 'features missing',
  'stale-features': 'features stale',
  'outside-training': 'inputs outside training',
  overload: 'server overloaded',
  'nothing-stored': 'nothing stored',
  'not-ready': 'not ready',
};

/** Why a level did not answer, in words. */
export const reasonWords = (reason: string): string => REASONS[reason] ?? reason;

export const BREAKERS = {
  closed: {level: 'good', word: 'breaker closed'},
  open: {level: 'bad', word: 'breaker open'},
  'half-open': {level: 'watch', word: 'breaker half open'},
} as const;

/** Rules, last answers and fixed values cannot be late: no breaker keeps calls from them. */
export const hasBreaker = (level: string): boolean => level === 'model' || level.startsWith('simpler ');

/** Whether the answers of a level are the model's own, given now or before. */
export const isModels = (level: string): boolean => level === 'model' || (BEFORE as readonly string[]).includes(level);

export type Share = {readonly level: string; readonly answers: number; readonly share: number};

/** Who gave the answers since the process began: before the chain, in the chain's order, and by levels that it no longer has. */
export function sharesOf<L extends Pick<LevelState, 'level'>>({
  answeredBy,
  levels,
}: Answering<L>): {
  readonly total: number;
  readonly before: readonly Share[];
  readonly chain: readonly (Share & {readonly record: L | null})[];
  readonly gone: readonly Share[];
  /** Of all answers, those that the model did not give. */
  readonly below: number;
} {
  const total = Object.values(answeredBy).reduce((sum, answers) => sum + answers, 0);
  const shareOf = (level: string): Share => {
    const answers = answeredBy[level] ?? 0;
    return {level, answers, share: total === 0 ? 0 : answers / total};
  };
  const names = levels.length === 0 ? ['model'] : levels.map(({level}) => level);
  const known = new Set<string>([...names, ...BEFORE]);
  const strangers = Object.keys(answeredBy).filter(level => !known.has(level));
  const below = Object.keys(answeredBy).filter(level => !isModels(level));
  return {
    total,
    before: BEFORE.map(shareOf).filter(({answers}) => answers > 0),
    chain: names.map(level => ({...shareOf(level), record: levels.find(each => each.level === level) ?? null})),
    gone: strangers.map(shareOf),
    below: below.reduce((sum, level) => sum + shareOf(level).share, 0),
  };
}

/** Why a level was passed over, the commonest first. */
export const skipsOf = ({
  skipped,
}: Pick<LevelState, 'skipped'>): readonly (readonly [reason: string, times: number])[] =>
  Object.entries(skipped)
    .filter(([, times]) => times > 0)
    .sort(([, a], [, b]) => b - a);
