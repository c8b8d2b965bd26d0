import type {AuditLog} from '../../access/index.ts';
import {MillraceError, nearest} from '../../protocol/index.ts';
import type {ModelRepository, RepositoryEntry, TensorModel} from '../../serving/index.ts';
import {whoTypes} from '../access/who.ts';
import type {LiveModel} from '../live/live-model.ts';
import type {LivePlatform} from '../live/live-platform.ts';
import {LiveTensorModel} from './live-tensor-model.ts';

/** The models of a project that have a release plan: each version on it is one that can be asked for by its number. */
export class LiveRepository implements ModelRepository {
  readonly #platform: LivePlatform;
  readonly #made = new Map<string, TensorModel>();

  constructor(platform: LivePlatform) {
    this.#platform = platform;
  }

  index(): RepositoryEntry[] {
    return this.#platform.models.flatMap(model => {
      const {name} = model.definition;
      const versions = this.#versionsOf(model);
      const reason = model.unloaded ? 'unloaded' : versions.length === 0 ? 'no version is deployed' : '';
      const state = reason === '' ? 'READY' : 'UNAVAILABLE';
      return (versions.length === 0 ? [''] : versions).map(version => ({name, version, state, reason}) as const);
    });
  }

  model(name: string, version?: string): TensorModel {
    const model = this.#find(name);
    model.requireLoaded();
    const champion = model.service.champion.version;
    if (version === undefined || version === '') return this.#tensorModel(model, champion, false);
    if (!this.#versionsOf(model).includes(version))
      throw new MillraceError(
        'VERSION_NOT_FOUND',
        `Version '${version.slice(0, 40)}' of '${name}' is not being served.`,
        {
          fix: `Ask for one of ${this.#versionsOf(model).join(', ')}, or name none.`,
        },
      );
    return this.#tensorModel(model, Number(version), true);
  }

  versions(name: string): readonly string[] {
    return this.#versionsOf(this.#find(name));
  }

  async load(name: string): Promise<void> {
    const model = this.#find(name);
    await model.load();
  }

  async unload(name: string): Promise<void> {
    await this.#find(name).unload();
  }

  #tensorModel(model: LiveModel, version: number, named: boolean): TensorModel {
    const key = `${model.definition.name} ${version} ${named}`;
    const made = this.#made.get(key) ?? new LiveTensorModel(model, version, named);
    this.#made.set(key, made);
    return made;
  }

  #find(name: string): LiveModel {
    return this.#platform.model(name);
  }

  #versionsOf = ({service}: LiveModel): string[] =>
    (service.plan?.arms ?? [])
      .map(({version}) => version)
      .sort((a, b) => a - b)
      .map(String);
}

/** Several repositories as one; a name that two of them know is answered by the first. Loads are kept in the audit log. */
export class JoinedRepository implements ModelRepository {
  readonly #parts: readonly ModelRepository[];
  readonly #audit: AuditLog;
  /** Names do not change while a project is served. */
  readonly #byName = new Map<string, ModelRepository>();

  constructor(parts: readonly ModelRepository[], audit: AuditLog) {
    this.#parts = parts;
    this.#audit = audit;
    for (const part of [...parts].reverse()) for (const {name} of part.index()) this.#byName.set(name, part);
  }

  index(): readonly RepositoryEntry[] {
    return this.#parts.flatMap(part => part.index());
  }

  model(name: string, version?: string): TensorModel {
    return this.#partOf(name).model(name, version);
  }

  versions(name: string): readonly string[] {
    return this.#partOf(name).versions(name);
  }

  load(name: string, who: string = whoTypes()): Promise<void> {
    return this.#audit.during({who, action: 'model.load', what: name}, async () => this.#partOf(name).load(name));
  }

  unload(name: string, who: string = whoTypes()): Promise<void> {
    return this.#audit.during({who, action: 'model.unload', what: name}, async () => this.#partOf(name).unload(name));
  }

  #partOf(name: string): ModelRepository {
    const part = this.#byName.get(name);
    if (part) return part;
    const names = [...this.#byName.keys()];
    const near = nearest(name, names);
    throw new MillraceError('MODEL_NOT_FOUND', `There is no model '${name.slice(0, 100)}'.`, {
      fix:
        names.length === 0
          ? 'The project has no model.'
          : `Name one of ${names.join(', ')}${near.length > 0 ? `; did you mean ${near[0]}?` : '.'}`,
    });
  }
}
