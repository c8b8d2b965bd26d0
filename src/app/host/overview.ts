import {importanceDrift} from '../../monitoring/index.ts';
import type {Alert, Incident, ModelDetail, ModelSummary, ModelVersion, Overview} from '../../protocol/index.ts';
import {championOf} from '../../registry/index.ts';
import {featureCatalogue} from '../catalogue/feature-records.ts';
import {policyOf} from '../definitions/describe.ts';
import {openDesk} from '../incidents/open-desk.ts';
import {findModel} from '../project/project.ts';
import type {Host} from './host.ts';
import {monitoredWindows} from './monitored-windows.ts';

/** The first page in one answer. */
export async function overview(host: Host): Promise<Overview> {
  const {runtime, platform, stages} = host;
  const consistency = host.consistency ?? (await platform?.consistency.latest()) ?? null;
  const {project, gate, monitoring, retrains, clock} = runtime;
  const models = await Promise.all(project.models.map(m => modelSummary(host, m.name)));
  const openAlerts = (await monitoring.alerts()).filter(alert => alert.resolvedAt === null);
  const openIncidents = await (platform?.incidents ?? openDesk(runtime)).list({state: 'open'});
  const predictions = models.reduce((sum, m) => sum + m.windows.reduce((n, w) => n + w.predictions, 0), 0);
  return {
    project: project.name,
    clock: clock.now(),
    verdict: verdict(host, models, openAlerts, openIncidents),
    models,
    streams: gate.reports(),
    features: featureCatalogue(project).length,
    predictions: Math.max(predictions, platform?.models.reduce((sum, m) => sum + m.predictions, 0) ?? 0),
    openAlerts,
    openIncidents,
    retrains: await retrains.list(undefined, 20),
    stages: stages.records,
    consistency: consistency && {values: consistency.values, mismatches: consistency.mismatches},
  };
}

function verdict(
  {stages, platform}: Host,
  models: readonly ModelSummary[],
  alerts: readonly Alert[],
  incidents: readonly Incident[],
): Overview['verdict'] {
  const running = stages.running;
  const failed = stages.records.find(({state}) => state === 'failed');
  if (failed) return {level: 'bad', sentence: `The stage '${failed.name}' failed: ${failed.message}`};
  if (!platform || models.every(m => m.champion === null))
    return {
      level: 'unknown',
      sentence: running ? `Not serving yet: ${running.name} is running.` : 'Nothing is deployed yet.',
    };
  const told = incidents.filter(({silencedBy}) => silencedBy === null);
  const page = told.find(({severity}) => severity === 'page');
  if (page) {
    const since = new Date(page.since).toISOString().slice(0, 10);
    const action = alerts.find(({id, action}) => action !== null && page.alerts.includes(id))?.action;
    return {level: 'bad', sentence: `${page.title}: since ${since}, ${doneAbout(page, action)}.`};
  }
  const auc = models.map(m => m.auc).find(a => a !== null);
  const quality =
    auc === undefined || auc === null
      ? 'no labels have matured yet'
      : `AUC ${auc.toFixed(3)} on the newest window with mature labels`;
  const [first] = told;
  if (first)
    return {
      level: 'watch',
      sentence: `Serving, ${quality}; ${told.length} open incident${told.length === 1 ? '' : 's'}: ${first.title}.`,
    };
  const silenced = incidents.length === 0 ? 'nothing open' : `${incidents.length} open, silenced`;
  return {level: 'good', sentence: `Healthy: ${quality}, ${silenced}.`};
}

function doneAbout({acknowledgedBy}: Incident, action: string | null | undefined): string {
  const started = action ? `retrain ${action} was started` : 'nothing was done about it yet';
  return acknowledgedBy === null ? started : `${acknowledgedBy} works on it, ${started}`;
}

async function modelSummary(host: Host, name: string): Promise<ModelSummary> {
  const {registry, project} = host.runtime;
  const windows = await monitoredWindows(host, name);
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
  const versions = await registry.versions(name);
  return {
    model: name,
    description: definition.description,
    owner: definition.owner,
    label: definition.label.name,
    plan: (await registry.plan(name)) ?? null,
    plans: await registry.plans(name),
    versions,
    retrains: await retrains.list(name),
    importanceDrift: importanceDrift(versions.map(importanceOf).reverse()).reverse(),
    policy: policy.length > 0 ? policy : policyOf(definition),
    allowedDrop: definition.monitor.performance?.drop ?? null,
  };
}

const importanceOf = ({version, features}: ModelVersion) => ({
  version,
  importance: features.map(({name, importance}) => ({name, share: importance})),
});
