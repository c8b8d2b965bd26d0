import {existsSync} from 'node:fs';
import {type FeaturePlan, loadProject, openRuntime, planFeatures, printPlan} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import type {ProjectOptions} from '../options.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {folderOf} from '../with-runtime.ts';

export type ExplainOptions = ProjectOptions & {
  readonly rows?: number;
  readonly from?: number;
  readonly to?: number;
  readonly sql?: 'duckdb' | 'spark';
  readonly json?: true;
};

/** Prints how a feature set is computed in batch. While another process works on the data, from the project file alone. */
export async function explain(name: string, options: ExplainOptions, terminal: Terminal): Promise<void> {
  const plan = await planOf(name, options, terminal);
  if (options.json) terminal.printJson(plan);
  else terminal.print(printPlan(plan, options.sql === undefined ? {} : {sql: options.sql}));
}

async function planOf(name: string, options: ExplainOptions, terminal: Terminal): Promise<FeaturePlan> {
  const project = await loadProject(options.project);
  const folder = folderOf(project, options);
  const {rows, from, to} = options;
  const about = {
    ...(rows === undefined ? {} : {rows}),
    ...(from === undefined ? {} : {from}),
    ...(to === undefined ? {} : {to}),
  };
  if (!existsSync(folder)) return planFeatures(project, null, name, about);
  const runtime = await openRuntime(project, {folder}).catch((error: unknown) => {
    if (error instanceof MillraceError && error.code === 'STORE_BUSY') return null;
    throw error;
  });
  if (runtime === null) terminal.note('Another process works on the data: the plan is made without what is archived.');
  try {
    return await planFeatures(project, runtime, name, about);
  } finally {
    await runtime?.close();
  }
}
