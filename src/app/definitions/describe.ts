import {describeRetrainPolicy} from '../../continual/index.ts';
import {describeGate} from '../../evaluation/index.ts';
import {describeRolloutPolicy} from '../../experiments/index.ts';
import {describeFeature, printExpression} from '../../features/index.ts';
import {describeMonitorPolicy} from '../../monitoring/index.ts';
import type {FeatureRecord} from '../../protocol/index.ts';
import type {Project} from '../project/project.ts';
import type {ModelDefinition} from './model.ts';

/** The written rules of a model, in words, before anything runs. */
export function policyOf({gates, monitor, retrain, rollout}: ModelDefinition): string[] {
  return [
    `Gates: ${gates.map(describeGate).join('; ')}.`,
    ...describeMonitorPolicy(monitor),
    ...(retrain ? describeRetrainPolicy(retrain) : ['Nothing retrains it but a command.']),
    ...describeRolloutPolicy(rollout),
  ];
}

/** All features of a project as the catalogue shows them. */
export function featureCatalogue(project: Project): FeatureRecord[] {
  const records = new Map<string, FeatureRecord>();
  const usedBy = (name: string) => project.models.filter(m => m.inputs.includes(name)).map(m => m.name);
  for (const view of project.views)
    for (const feature of view.features)
      records.set(feature.name, {
        name: feature.name,
        type: feature.type,
        origin: 'aggregation',
        view: view.name,
        entity: view.entity.name,
        source: view.source.name,
        definition: describeFeature(feature),
        window: feature.window,
        usedBy: usedBy(feature.name),
      });
  for (const {features} of project.models)
    for (const {name, type, node} of features.derived)
      records.set(name, {
        name,
        type,
        origin: 'request',
        view: null,
        entity: null,
        source: null,
        definition: printExpression(node),
        window: null,
        usedBy: usedBy(name),
      });
  return [...records.values()];
}
