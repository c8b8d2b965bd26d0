/** What a deploy would do, in words and figures, and why it may have to wait. */
import {compact, interval, percent, ratio} from '../../../format/numbers.ts';
import {listed} from '../../../format/words.ts';

/** What is read of a `ReleasePlan`, a `ModelDetail` and a `ModelVersion`. */
type Plan = {
  readonly arms: readonly {
    readonly version: number;
    readonly role: 'champion' | 'canary' | 'shadow';
    readonly share: number;
  }[];
};
type Released = {readonly plan: Plan | null; readonly plans: readonly Plan[]};
type Rolling = {readonly outcome: string; readonly challenger: number | null};
type Metrics = {
  readonly auc: number | null;
  readonly aucLow: number | null;
  readonly aucHigh: number | null;
  readonly rows: number;
};

/** The rollout that a deploy would cut short; the server refuses it for as long. Null: none. */
export function rolloutOf({
  retrains,
  plan,
}: Pick<Released, 'plan'> & {readonly retrains: readonly Rolling[]}): string | null {
  const running = retrains.find(({outcome}) => outcome === 'shadow' || outcome === 'canary');
  const arm = plan?.arms.find(({role}) => role !== 'champion');
  const [version, role] = running ? [running.challenger, running.outcome] : [arm?.version, arm?.role];
  return version === undefined ? null : `v${version} is being rolled out as ${role}`;
}

/** A version that was champion before is gone back to; any other is deployed. */
export function verbOf({version}: {readonly version: number}, {plans, plan}: Released): 'Roll back to' | 'Deploy' {
  const now = plan?.arms.find(({role}) => role === 'champion')?.version ?? 0;
  const was = plans.some(({arms}) => arms.some(arm => arm.version === version && arm.role === 'champion'));
  return was && version < now ? 'Roll back to' : 'Deploy';
}

/** `AUC 0.741 [0.737, 0.745] on 243 k rows`. */
export const qualityOf = ({metrics: {auc, aucLow, aucHigh, rows}}: {readonly metrics: Metrics}): string =>
  `AUC ${ratio(auc)} ${interval(aucLow, aucHigh)} on ${compact(rows)} rows`.replace('  ', ' ');

/** Who answers now: `v2 answers everything`, `v1 (90 %) and v2 (10 %) answer`. */
export function answersNow({plan}: Pick<Released, 'plan'>): string {
  const arms = plan?.arms.filter(({share}) => share > 0) ?? [];
  const [only] = arms;
  if (!only) return 'nobody answers';
  if (arms.length === 1) return `v${only.version} answers everything`;
  return `${listed(arms.map(({version, share}) => `v${version} (${percent(share)})`))} answer`;
}
