import type {FeaturePlan, ViewExplanation} from './explain.ts';

const count = (n: number): string => n.toLocaleString('en-US');
const instant = (ms: number | null): string => (ms === null ? '…' : new Date(ms).toISOString().replace('.000Z', 'Z'));

/** The plan for people; `sql` adds the queries of that dialect. */
export function printPlan(plan: FeaturePlan, {sql}: {readonly sql?: 'duckdb' | 'spark'} = {}): string {
  const rows = plan.rows === null ? 'any rows' : `${count(plan.rows)} rows`;
  const range = plan.from === null && plan.to === null ? '' : ` from ${instant(plan.from)} to ${instant(plan.to)}`;
  return [
    `Feature set '${plan.set}' for ${rows}${range}.`,
    ...plan.views.flatMap(view => ['', ...viewLines(view), ...(sql === undefined ? [] : queries(view, sql))]),
    ...(plan.derived.length === 0 ? [] : ['', 'Derived, row by row:']),
    ...plan.derived.map(({name, expression}) => `  ${name} = ${expression}`),
  ].join('\n');
}

function viewLines(view: ViewExplanation): string[] {
  const keys = view.keys.map(({key, column, field}) => `${key}: ${view.source}.${column} = request.${field}`);
  return [
    `View ${view.view}: ${view.features.length} features`,
    `  key         ${keys.join(', ')}`,
    ...(view.asOf === null ? [] : [`  read        ${view.asOf}`]),
    `  windows     ${view.windows.join('; ')}`,
    `  aggregates  ${view.aggregates.join('; ')}`,
    ...view.steps.map((step, i) => `  ${i + 1}. ${step}`),
    `  By day: ${view.daily}`,
  ];
}

const queries = (view: ViewExplanation, dialect: 'duckdb' | 'spark'): string[] =>
  Object.entries(view.sql[dialect]).flatMap(([feature, sql]) => [`  -- ${feature}`, `  ${sql};`]);
