import type {Alert, ModelDetail, ModelSummary, Overview} from '../../protocol/index.ts';
import {championOf} from '../../registry/index.ts';
import {featureCatalogue} from '../catalogue/feature-records.ts';
import {policyOf} from '../definitions/describe.ts';
import type {LiveModel} from '../live/live-model.ts';
import {findModel} from '../project/project.ts';
import type {Host} from './host.ts';

/** The first page in one answer. */
export async function overview(host: Host): Promise<Overview> {
  const {runtime, platform, stages} = host;
  const consistency = host.consistency ?? (await platform?.consistency.latest()) ?? null;
  const {project, gate, monitoring, retrains, clock} = runtime;
  const models = await Promise.all(project.models.map(m => modelSummary(host, m.name)));
  const openAlerts = (await monitoring.alerts()).filter(alert => alert.resolvedAt === null);
  const predictions = models.reduce((sum, m) => sum + m.windows.reduce((n, w) => n + w.predictions, 0), 0);
  return {
    project: project.name,
    clock: clock.now(),
    verdict: verdict(host, models, openAlerts),
    models,
    streams: gate.reports(),
    features: featureCatalogue(project).length,
    predictions: Math.max(predictions, platform?.models.reduce((sum, m) => sum + m.predictions, 0) ?? 0),
    openAlerts,
    retrains: await retrains.list(undefined, 20),
    stages: stages.records,
    consistency: consistency && {values: consistency.values, mismatches: consistency.mismatches},
  };
}

function verdict(
  {stages, platform}: Host,
  models: readonly ModelSummary[],
  open: readonly Alert[],
): Overview['verdict'] {
  const running = stages.running;
  const failed = stages.records.find(({state}) => state === 'failed');
  if (failed) return {level: 'bad', sentence: `The stage '${failed.name}' failed: ${failed.message}`};
  if (!platform || models.every(m => m.champion === null))
    return {
      level: 'unknown',
      sentence: running ? `Not serving yet: ${running.name} is running.` : 'Nothing is deployed yet.',
    };
  const pages = open.filter(({severity}) => severity === 'page');
  const [page] = pages;
  if (page) {
    const since = new Date(page.openedAt).toISOString().slice(0, 10);
    const action = page.action === null ? 'nothing was done about it yet' : `retrain ${page.action} was started`;
    return {level: 'bad', sentence: `${page.title}: paged on ${since}, ${action}.`};
  }
  const auc = models.map(m => m.auc).find(a => a !== null);
  const quality =
    auc === undefined || auc === null
      ? 'no labels have matured yet'
      : `AUC ${auc.toFixed(3)} on the newest window with mature labels`;
  if (open.length > 0)
    return {
      level: 'watch',
      sentence: `Serving, ${quality}; ${open.length} open ticket${open.length === 1 ? '' : 's'}: ${open[0]!.title}.`,
    };
  return {level: 'good', sentence: `Healthy: ${quality}, nothing open.`};
}

async function modelSummary({runtime, platform}: Host, name: string): Promise<ModelSummary> {
  const {registry, monitoring, project} = runtime;
  const live: LiveModel | undefined = platform?.models.find(m => m.definition.name === name);
  const windows = live ? live.watch.windows : await monitoring.windows(name);
  const plan = (await registry.plan(name)) ?? null;
  const scored = windows.findLast(w => w.performance !== null);
  return {
    model: name,
    description: findModel(project, name).description,
    champion: plan && championOf(plan),
    versions: (await registry.versions(name)).length,
    plan,
    auc: scored?.performance?.overall.auc ?? null,
    windows: windows.map(w => ({
      from: w.from,
      predictions: w.predictions,
      auc: w.performance?.overall.auc ?? null,
      meanPrediction: w.meanPrediction,
      baseRate: w.performance?.overall.baseRate ?? null,
    })),
  };
}

/** Everything of one model. Throws MODEL_NOT_FOUND. */
export async function modelDetail({runtime, policy}: Host, name: string): Promise<ModelDetail> {
  const {registry, retrains, project} = runtime;
  const definition = findModel(project, name);
  return {
    model: name,
    description: definition.description,
    owner: definition.owner,
    label: definition.label.name,
    plan: (await registry.plan(name)) ?? null,
    plans: await registry.plans(name),
    versions: await registry.versions(name),
    retrains: await retrains.list(name),
    policy: policy.length > 0 ? policy : policyOf(definition),
  };
}
