import {checkedParameters, integer, oneOf, real} from './parameters.ts';

/** Frozen data that says how to train; `trainModel` runs it. */
export type TrainerDefinition =
  | {readonly kind: 'gradientBoostedTrees'; readonly name: string; readonly parameters: TreeParameters}
  | {readonly kind: 'logisticRegression'; readonly name: string; readonly parameters: LogisticParameters};

export type TreeParameters = {
  /** Most trees to add; fewer if early stopping ends it. */
  readonly trees: number;
  readonly learningRate: number;
  /** Most leaves of a tree. */
  readonly leaves: number;
  /** Most splits between root and leaf. */
  readonly maxDepth: number;
  /**
   * level: split all leaves of a level together, the most useful first if leaves run out. leaf: always split the
   * most useful leaf next, for about 30 % more time and less gain from threads.
   */
  readonly growth: 'leaf' | 'level';
  /** Added to the second derivatives of a leaf: shrinks its value. */
  readonly l2: number;
  /** Least loss reduction of a split. */
  readonly minGain: number;
  readonly minRowsInLeaf: number;
  /** Least sum of second derivatives in a leaf. */
  readonly minHessianInLeaf: number;
  /** Share of the features that each tree may use. */
  readonly columnShare: number;
  /** Share of the rows that each tree sees. */
  readonly rowShare: number;
  /** Most bins of a numeric feature. */
  readonly maxBins: number;
  /** Pseudo-rows that pull the order of rare categories towards the mean. */
  readonly categorySmoothing: number;
  /** Stop after so many trees without a lower validation loss and keep the best; 0 never stops. */
  readonly earlyStoppingRounds: number;
  readonly loss: 'logLoss' | 'squaredLoss';
  /** Multiplies the weight of rows with label 1 (log loss only). Probabilities are then no longer calibrated. */
  readonly positiveWeight: number;
};

export type LogisticParameters = {
  /** Strength of the penalty l2/2 · |coefficients|² beside the sum of log losses; the intercept is free. */
  readonly l2: number;
  readonly maxIterations: number;
  /** Converged when no component of the mean gradient exceeds this. */
  readonly tolerance: number;
  /** Most frequent categories of a feature that get a term of their own. */
  readonly maxCategories: number;
  readonly positiveWeight: number;
};

const TREE_DEFAULTS: TreeParameters = {
  trees: 200,
  learningRate: 0.1,
  leaves: 63,
  maxDepth: 12,
  growth: 'level',
  l2: 1,
  minGain: 0,
  minRowsInLeaf: 20,
  minHessianInLeaf: 1e-3,
  columnShare: 1,
  rowShare: 1,
  maxBins: 255,
  categorySmoothing: 10,
  earlyStoppingRounds: 20,
  loss: 'logLoss',
  positiveWeight: 1,
};

const LOGISTIC_DEFAULTS: LogisticParameters = {
  l2: 1,
  maxIterations: 500,
  tolerance: 1e-8,
  maxCategories: 255,
  positiveWeight: 1,
};

type Named<P> = Partial<P> & {readonly name?: string};

/** Histogram gradient-boosted trees. Throws DEFINITION_INVALID with every parameter that is wrong. */
export function gradientBoostedTrees({name = 'gradientBoostedTrees', ...given}: Named<TreeParameters> = {}) {
  const parameters = checkedParameters('gradientBoostedTrees', given, TREE_DEFAULTS, {
    trees: integer(1, 100_000),
    learningRate: real(0, 1, {open: true}),
    leaves: integer(2, 1_024),
    maxDepth: integer(1, 64),
    growth: oneOf('leaf', 'level'),
    l2: real(0),
    minGain: real(0),
    minRowsInLeaf: integer(1, 1_000_000_000),
    minHessianInLeaf: real(0),
    columnShare: real(0, 1, {open: true}),
    rowShare: real(0, 1, {open: true}),
    maxBins: integer(2, 255),
    categorySmoothing: real(0),
    earlyStoppingRounds: integer(0, 100_000),
    loss: oneOf('logLoss', 'squaredLoss'),
    positiveWeight: real(0, 1e6, {open: true}),
  });
  return Object.freeze({kind: 'gradientBoostedTrees', name, parameters} as const);
}

/** L2-regularised logistic regression. Throws DEFINITION_INVALID with every parameter that is wrong. */
export function logisticRegression({name = 'logisticRegression', ...given}: Named<LogisticParameters> = {}) {
  const parameters = checkedParameters('logisticRegression', given, LOGISTIC_DEFAULTS, {
    l2: real(0),
    maxIterations: integer(1, 100_000),
    tolerance: real(0, 1, {open: true}),
    maxCategories: integer(0, 65_536),
    positiveWeight: real(0, 1e6, {open: true}),
  });
  return Object.freeze({kind: 'logisticRegression', name, parameters} as const);
}
