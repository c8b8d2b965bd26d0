/** inference.GRPCInferenceService: what each method takes, does and answers. */
import type {ModelRepository} from '../../app/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import type {InferenceStatistics} from '../inference/inference-statistics.ts';
import {refuseLoadParameters} from '../inference/repository-routes.ts';
import {indexOf, isReady, versionsOf} from '../inference/repository-state.ts';
import {
  type ModelNamed,
  NOTHING,
  readIndexRequest,
  readModelNamed,
  readRepositoryCall,
  writeFlag,
  writeIndex,
  writeModelConfig,
  writeModelMetadata,
  writeServerMetadata,
  writeStatistics,
} from './service-messages.ts';

/** What a caller needs to be allowed; null: nothing. */
export type Scope = 'predict' | 'read' | 'admin';

/** Says who asks, for the audit log, if anybody was asked for. */
export type Permit = (scope: Scope, model: string | null) => Promise<string | undefined>;

/** Answers a message. `permit` throws if the caller may not. */
export type UnaryMethod = (message: Uint8Array, permit: Permit) => Promise<Buffer>;

/** Methods other than those that infer. */
export function serviceMethods(
  repository: () => ModelRepository,
  statistics: InferenceStatistics,
): Readonly<Record<string, UnaryMethod>> {
  const find = ({name, version}: ModelNamed) => repository().model(name, version === '' ? undefined : version);
  return {
    ServerLive: async () => writeFlag(true),
    ServerReady: async () => writeFlag(isReady(repository())),
    ModelReady: async (message, permit) => {
      const named = readModelNamed(message);
      await permit('read', named.name);
      return writeFlag(isModelReady(repository(), named));
    },
    ServerMetadata: async () => writeServerMetadata(),
    ModelMetadata: async (message, permit) => {
      const named = readModelNamed(message);
      await permit('read', named.name);
      return writeModelMetadata(find(named), repository().versions(named.name));
    },
    ModelConfig: async (message, permit) => {
      const named = readModelNamed(message);
      await permit('read', named.name);
      return writeModelConfig(find(named));
    },
    ModelStatistics: async (message, permit) => {
      const {name, version} = readModelNamed(message);
      await permit('read', name === '' ? null : name);
      const told = versionsOf(repository(), name, version);
      return writeStatistics(told.map(each => statistics.of(each.name, each.version)));
    },
    RepositoryIndex: async (message, permit) => {
      await permit('read', null);
      return writeIndex(indexOf(repository(), readIndexRequest(message)));
    },
    RepositoryModelLoad: async (message, permit) => {
      const {model, parameters} = readRepositoryCall(message);
      const who = await permit('admin', model);
      refuseLoadParameters(parameters);
      await repository().load(model, who);
      return NOTHING;
    },
    RepositoryModelUnload: async (message, permit) => {
      const {model} = readRepositoryCall(message);
      const who = await permit('admin', model);
      await repository().unload(model, who);
      return NOTHING;
    },
  };
}

/** A model that is known but not ready is no error here, but the answer. Throws MODEL_NOT_FOUND, VERSION_NOT_FOUND. */
function isModelReady(repository: ModelRepository, {name, version}: ModelNamed): boolean {
  try {
    repository.model(name, version === '' ? undefined : version);
    return true;
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'NOT_READY') return false;
    throw error;
  }
}
