import type {ServingStatus} from '../../protocol/index.ts';
import {describeServing} from '../../serving/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {GuardedModel} from './guarded-model.ts';
import type {ImportedModelDefinition} from './imported-model.ts';
import {ImportedModels} from './imported-models.ts';
import type {ImportedTensorModel} from './imported-tensor-model.ts';
import {AnswerLog} from './log-answers.ts';

/** The imported models of a running server: each behind its serving policy, its answers logged. */
export class ImportedServing {
  readonly models: ImportedModels;
  readonly #definitions: readonly ImportedModelDefinition[];
  readonly #logs: ReadonlyMap<string, AnswerLog>;
  readonly #guards: ReadonlyMap<string, GuardedModel>;
  readonly #versions: ReadonlyMap<string, ImportedTensorModel>;
  #closing: Promise<void> | undefined;

  private constructor(
    models: ImportedModels,
    definitions: readonly ImportedModelDefinition[],
    logs: ReadonlyMap<string, AnswerLog>,
    guards: ReadonlyMap<string, GuardedModel>,
    versions: ReadonlyMap<string, ImportedTensorModel>,
  ) {
    this.models = models;
    this.#definitions = definitions;
    this.#logs = logs;
    this.#guards = guards;
    this.#versions = versions;
  }

  /** Loads all of them; one that cannot be loaded is UNAVAILABLE, and the others answer. */
  static async open(
    {
      project,
      metadata,
      clock,
      predictions,
      threads,
    }: Pick<Runtime, 'project' | 'metadata' | 'clock' | 'predictions' | 'threads'>,
    now: () => number = () => performance.now(),
  ): Promise<ImportedServing> {
    const {imported, folder} = project;
    const logs = new Map(
      imported.map(({name, serving}) => [name, new AnswerLog(name, predictions, clock, serving.log.sample)]),
    );
    const guards = new Map<string, GuardedModel>();
    const versions = new Map<string, ImportedTensorModel>();
    const models = await ImportedModels.open(imported, {
      folder,
      metadata,
      clock,
      threads,
      onAnswered: answered => logs.get(answered.model)!.add(answered),
      guard: (model, definition) => {
        versions.set(definition.name, model);
        const {deadlineMs, fallback, cache} = definition.serving;
        if (deadlineMs === null && fallback.length === 0 && cache === null) return model;
        const guarded = new GuardedModel(model, definition, now);
        guards.set(definition.name, guarded);
        return guarded;
      },
    });
    return new ImportedServing(models, imported, logs, guards, versions);
  }

  /** The version of a model that answers now, as itself; undefined before one was loaded. */
  version(name: string): ImportedTensorModel | undefined {
    return this.#versions.get(name);
  }

  status(): ServingStatus[] {
    const entries = this.models.index();
    return this.#definitions.map(({name, serving}) => {
      const entry = entries.find(each => each.name === name)!;
      const log = this.#logs.get(name)!;
      return {
        model: name,
        ready: entry.state === 'READY',
        version: entry.version === '' ? null : Number(entry.version),
        predictions: log.predictions,
        errors: (this.#guards.get(name) ?? this.#versions.get(name))?.errors ?? 0,
        unlogged: log.unlogged,
        answeredBy: Object.fromEntries(log.levels),
        levels: this.#guards.get(name)?.status() ?? [],
        lacking: [],
        policy: [
          ...(entry.reason === '' ? [] : [entry.reason]),
          ...this.models.notes(name),
          ...describeServing(serving),
        ],
        hybrid: null,
        reviews: {open: 0, dropped: 0},
      };
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.models.close();
    return this.#closing;
  }
}
