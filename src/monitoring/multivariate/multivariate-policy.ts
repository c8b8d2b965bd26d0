/** Drift of all features at once. */
export type MultivariatePolicy = {
  readonly methods: readonly ('domain-classifier' | 'mmd' | 'pca')[];
  /** AUC of the domain classifier at which it is called drift; 0.5 is none. */
  readonly auc: number;
  readonly alpha: number;
};

export const MULTIVARIATE_DEFAULTS: MultivariatePolicy = {methods: ['domain-classifier'], auc: 0.6, alpha: 0.01};
