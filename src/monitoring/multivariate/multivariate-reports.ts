import type {Random} from '../../math/index.ts';
import type {MultivariateReport} from '../../protocol/index.ts';
import type {ReferenceRows, RowSample} from '../windows/row-sample.ts';
import {domainClassifierReport} from './domain-report.ts';
import {mmdReport} from './mmd-report.ts';
import type {MultivariatePolicy} from './multivariate-policy.ts';
import {pcaReport} from './pca-report.ts';
import {sharedColumns} from './shared-columns.ts';

export type MultivariateOptions = {
  /** Features that differ in every window, such as those that tell the time or the row. */
  readonly except: readonly string[];
  readonly random: Random;
};

const REPORTS = {'domain-classifier': domainClassifierReport, mmd: mmdReport, pca: pcaReport};

/** Most rows of each side: a second of another thread, a second and a third of one here, in short turns. */
const MOST_ROWS = {'domain-classifier': 5_000, mmd: 1_000, pca: 5_000};

/**
 * Drift of all features at once: one report per method of the policy, in its order. Each method draws its own rows of
 * both sides. The classifiers are trained on a worker thread; the rest is done here, the event loop getting turns.
 */
export async function multivariateReports(
  reference: ReferenceRows,
  sample: RowSample,
  policy: MultivariatePolicy,
  {except, random}: MultivariateOptions,
): Promise<MultivariateReport[]> {
  const reports: MultivariateReport[] = [];
  for (const method of policy.methods) {
    const columns = sharedColumns(reference, sample, except, MOST_ROWS[method], random);
    reports.push(await REPORTS[method](columns, policy, random));
  }
  return reports;
}
