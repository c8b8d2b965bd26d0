// What incidents tell of a model beside its alerts, from its definition and the registry.
import type {IncidentContext} from '../../monitoring/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {loadReferenceRows} from '../train/reference-rows.ts';
import {originsOf} from './feature-origins.ts';

/** Reads the version in charge once; what it is worth is kept. */
export class IncidentContexts {
  readonly #runtime: Pick<Runtime, 'registry' | 'objects' | 'project'>;
  readonly #values = new Map<string, number | null>();

  constructor(runtime: Pick<Runtime, 'registry' | 'objects' | 'project'>) {
    this.#runtime = runtime;
  }

  /** Of a model that is not in the project any more, nothing is known. */
  async of(model: string): Promise<IncidentContext> {
    const definition = this.#runtime.project.models.find(({name}) => name === model);
    if (!definition) return {...NOTHING, model};
    const {registry} = this.#runtime;
    const plan = await registry.plan(model);
    const champion = plan?.arms.find(({role}) => role === 'champion')?.version;
    const version = champion === undefined ? undefined : await registry.version(model, champion);
    const newest = plan?.arms.findLast(({role}) => role !== 'shadow')?.version;
    const mean = version ? await this.#meanValue(definition, version.version) : null;
    return {
      model,
      owner: definition.owner,
      runbook: definition.monitor.runbook,
      origins: originsOf(definition.features),
      importances: new Map(version?.features.map(({name, importance}) => [name, importance]) ?? []),
      lastDeploy: plan && newest !== undefined ? {version: newest, at: plan.at} : null,
      reference: version?.metrics ?? null,
      value: mean === null ? null : {mean, unit: definition.monitor.value!.unit},
    };
  }

  /** Mean value of a decision on the rows of the test split. */
  async #meanValue({name, monitor}: ModelDefinition, version: number): Promise<number | null> {
    const {value, estimate} = monitor;
    if (value === null || estimate === null) return null;
    const key = `${name}/${version}`;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const rows = await loadReferenceRows(this.#runtime, name, version);
    let sum = 0;
    for (let i = 0; i < (rows?.rows ?? 0); i++) {
      const isDecided = rows!.scores[i]! >= estimate.decideAt;
      if (rows!.labels[i] === 1) sum += isDecided ? value.truePositive : value.falseNegative;
      else sum += isDecided ? value.falsePositive : value.trueNegative;
    }
    const mean = rows && rows.rows > 0 ? sum / rows.rows : null;
    this.#values.set(key, mean);
    return mean;
  }
}

const NOTHING: Omit<IncidentContext, 'model'> = {
  owner: '',
  runbook: null,
  origins: new Map(),
  importances: new Map(),
  lastDeploy: null,
  reference: null,
  value: null,
};
