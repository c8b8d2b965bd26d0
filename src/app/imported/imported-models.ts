import {type Clock, MillraceError, nearest} from '../../protocol/index.ts';
import type {ModelRepository, RepositoryEntry, TensorModel} from '../../serving/index.ts';
import type {MetadataStore} from '../../stores/index.ts';
import type {AnsweredRows} from './answered-rows.ts';
import {openEvaluator} from './evaluator.ts';
import type {ImportedModelDefinition} from './imported-model.ts';
import {ImportedTensorModel} from './imported-tensor-model.ts';
import {numberVersion} from './imported-versions.ts';
import {readModelFile} from './read-model-file.ts';

export type ImportedModelsOptions = {
  /** Folder of the project file. */
  readonly folder: string;
  readonly metadata: MetadataStore;
  readonly clock: Clock;
  /** Of each model that ONNX Runtime evaluates; all cores unless told. */
  readonly threads?: number;
  /** Told after each answer of a model whose inputs are columns of numbers. It must not throw. */
  readonly onAnswered?: (answered: AnsweredRows) => void;
  /** What stands between callers and a model: its deadline's fallbacks, breaker, cache. The model itself unless told. */
  readonly guard?: (model: ImportedTensorModel, definition: ImportedModelDefinition) => TensorModel;
};

type Loaded = {readonly model: ImportedTensorModel; readonly guarded: TensorModel};

type Slot = {
  readonly definition: ImportedModelDefinition;
  current: Loaded | null;
  state: RepositoryEntry['state'];
  reason: string;
  /** Loads and unloads of one model follow each other. */
  turn: Promise<unknown>;
};

/** How long a version that was replaced still answers those who had it in hand. */
const LINGER_MS = 5_000;

/**
 * The imported models of a project in a running server. A model is loaded and warmed up beside the one that answers, and
 * takes over between two requests; if it cannot be loaded the old one stays.
 */
export class ImportedModels implements ModelRepository {
  readonly #options: ImportedModelsOptions;
  readonly #slots: ReadonlyMap<string, Slot>;
  /** Per name the version that was replaced last. */
  readonly #lingering = new Map<string, {readonly model: ImportedTensorModel; readonly timer: NodeJS.Timeout}>();
  #closed = false;

  private constructor(definitions: readonly ImportedModelDefinition[], options: ImportedModelsOptions) {
    this.#options = options;
    const slot = (definition: ImportedModelDefinition): Slot => ({
      definition,
      current: null,
      state: 'LOADING',
      reason: 'It is being loaded.',
      turn: Promise.resolve(),
    });
    this.#slots = new Map(
      [...definitions]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(definition => [definition.name, slot(definition)]),
    );
  }

  /** Loads all of them, one after the other. One that cannot be loaded is UNAVAILABLE, and `index` says why; the others answer. */
  static async open(
    definitions: readonly ImportedModelDefinition[],
    options: ImportedModelsOptions,
  ): Promise<ImportedModels> {
    const models = new ImportedModels(definitions, options);
    for (const {name} of definitions) await Promise.allSettled([models.load(name)]);
    return models;
  }

  index(): readonly RepositoryEntry[] {
    return [...this.#slots.values()].map(({definition, current, state, reason}) => ({
      name: definition.name,
      version: current?.model.version ?? '',
      state,
      reason,
    }));
  }

  model(name: string, version?: string): TensorModel {
    const {current, reason} = this.#slot(name);
    if (current === null)
      throw new MillraceError('NOT_READY', `'${name}' does not answer: ${reason}`, {
        fix: 'Load it, or wait until it is.',
      });
    if (version !== undefined && version !== current.model.version)
      throw new MillraceError('VERSION_NOT_FOUND', `'${name}' has no version ${version} in memory.`, {
        fix: `Ask for version ${current.model.version}, or name none.`,
      });
    return current.guarded;
  }

  versions(name: string): readonly string[] {
    const {current} = this.#slot(name);
    return current === null ? [] : [current.model.version];
  }

  /** What people should know of the loaded version: how it is evaluated, and why. */
  notes(name: string): readonly string[] {
    return this.#slot(name).current?.model.evaluator.notes ?? [];
  }

  async load(name: string): Promise<void> {
    const slot = this.#slot(name);
    await this.#inTurn(slot, async () => {
      const before = slot.current;
      if (before === null) slot.state = 'LOADING';
      try {
        slot.current = await this.#open(slot.definition);
      } catch (error) {
        if (before === null) {
          slot.state = 'UNAVAILABLE';
          slot.reason = error instanceof Error ? error.message : String(error);
        }
        throw this.#failed(slot, error);
      }
      slot.state = 'READY';
      slot.reason = '';
      if (before !== null) this.#linger(before.model);
    });
  }

  async unload(name: string): Promise<void> {
    const slot = this.#slot(name);
    await this.#inTurn(slot, async () => {
      const before = slot.current;
      slot.current = null;
      slot.state = 'UNAVAILABLE';
      slot.reason = 'It was unloaded.';
      await before?.model.evaluator.close();
    });
  }

  /** Answers what was asked, then ends all threads. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#slots.values()].map(({turn}) => turn));
    const loaded = [...this.#slots.values()].flatMap(({current}) => (current ? [current.model.evaluator] : []));
    await Promise.all([...this.#lingering.keys()].map(name => this.#endLingering(name)));
    await Promise.all(loaded.map(evaluator => evaluator.close()));
  }

  async #open(definition: ImportedModelDefinition): Promise<Loaded> {
    const {folder, metadata, clock, threads, onAnswered, guard} = this.#options;
    const {bytes, sha256} = readModelFile(folder, definition.from);
    const {batchRows, batchWaitMs, queue} = definition.serving.load;
    const evaluator = await openEvaluator(bytes, {
      columns: definition.columns,
      batchRows,
      batchWaitMs,
      queue,
      ...(threads === undefined ? {} : {threads}),
    });
    try {
      const {version} = await numberVersion(metadata, definition.name, sha256, clock.now());
      const model = new ImportedTensorModel(definition, version, evaluator, onAnswered);
      return {model, guarded: guard?.(model, definition) ?? model};
    } catch (error) {
      await evaluator.close();
      throw error;
    }
  }

  /** Lets a version that was replaced answer those who have it in hand, but not two of them. */
  #linger(model: ImportedTensorModel): void {
    void this.#endLingering(model.name);
    const timer = setTimeout(() => void this.#endLingering(model.name), LINGER_MS).unref();
    this.#lingering.set(model.name, {model, timer});
  }

  /** What it has taken is answered. */
  async #endLingering(name: string): Promise<void> {
    const lingering = this.#lingering.get(name);
    if (lingering === undefined) return;
    clearTimeout(lingering.timer);
    this.#lingering.delete(name);
    await lingering.model.evaluator.close();
  }

  async #inTurn(slot: Slot, act: () => Promise<void>): Promise<void> {
    if (this.#closed) throw new MillraceError('NOT_READY', 'The models are being closed.');
    const turn = slot.turn.then(act);
    slot.turn = turn.catch(() => {}); // whoever asked is told
    await turn;
  }

  #failed({definition: {name}, current}: Slot, cause: unknown): MillraceError {
    const of = cause instanceof MillraceError ? cause : null;
    const stays = current === null ? '' : ` Version ${current.model.version} goes on answering.`;
    return new MillraceError(
      of?.code ?? 'MODEL_INVALID',
      `'${name}' was not loaded: ${(cause as Error).message}${stays}`,
      {
        cause,
        ...(of?.fix === undefined ? {} : {fix: of.fix}),
      },
    );
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (slot) return slot;
    const names = [...this.#slots.keys()];
    const [near] = nearest(name, names);
    throw new MillraceError('MODEL_NOT_FOUND', `There is no imported model '${name}'.`, {
      fix:
        names.length === 0
          ? 'Export an importedModel from the project file.'
          : `Name one of ${names.join(', ')}${near ? `; did you mean ${near}?` : '.'}`,
    });
  }
}
