/** The small messages of the service: each request's names, each answer's bytes. */
import {type BinaryWriter, WireType} from '@bufbuild/protobuf/wire';
import type {RepositoryEntry, TensorModel} from '../../app/index.ts';
import type {TensorSpec} from '../../protocol/index.ts';
import type {CallTime, ModelStatistics} from '../inference/inference-statistics.ts';
import {CONFIG_TYPES, configType, SERVER_METADATA} from '../inference/model-metadata.ts';
import {readParameter} from './infer-parameter.ts';
import {embed, flag, longs, message, readMessage, text} from './wire.ts';

export type ModelNamed = {readonly name: string; readonly version: string};

/** ModelReadyRequest, ModelMetadataRequest, ModelConfigRequest, ModelStatisticsRequest. */
export function readModelNamed(whole: Uint8Array): ModelNamed {
  let name = '';
  let version = '';
  readMessage(whole, (field, _, reader) => {
    if (field === 1) name = reader.string();
    else if (field === 2) version = reader.string();
    else return false;
    return true;
  });
  return {name, version};
}

/** RepositoryIndexRequest: whether only models that are ready are asked for. */
export function readIndexRequest(whole: Uint8Array): boolean {
  let ready = false;
  readMessage(whole, (field, _, reader) => {
    if (field !== 2) return false;
    ready = reader.bool();
    return true;
  });
  return ready;
}

/** RepositoryModelLoadRequest, RepositoryModelUnloadRequest. */
export function readRepositoryCall(whole: Uint8Array): {
  readonly model: string;
  readonly parameters: readonly string[];
} {
  let model = '';
  const parameters = new Map<string, unknown>();
  readMessage(whole, (field, _, reader) => {
    if (field === 2) model = reader.string();
    else if (field === 3) readParameter(reader, parameters);
    else return false;
    return true;
  });
  return {model, parameters: [...parameters.keys()]};
}

export const NOTHING: Buffer = message(() => {});

/** ServerLiveResponse, ServerReadyResponse, ModelReadyResponse. */
export const writeFlag = (value: boolean): Buffer => message(writer => flag(writer, 1, value));

/** ServerMetadataResponse. */
export const writeServerMetadata = (): Buffer =>
  message(writer => {
    text(writer, 1, SERVER_METADATA.name);
    text(writer, 2, SERVER_METADATA.version);
    for (const extension of SERVER_METADATA.extensions) text(writer, 3, extension);
  });

/** ModelMetadataResponse. */
export const writeModelMetadata = (model: TensorModel, versions: readonly string[]): Buffer =>
  message(writer => {
    text(writer, 1, model.name);
    for (const version of versions) text(writer, 2, version);
    text(writer, 3, model.platform);
    for (const input of model.inputs) embed(writer, 4, inner => writeSpec(inner, input));
    for (const output of model.outputs) embed(writer, 5, inner => writeSpec(inner, output));
  });

function writeSpec(writer: BinaryWriter, {name, datatype, shape}: TensorSpec): void {
  text(writer, 1, name);
  text(writer, 2, datatype);
  longs(writer, 3, shape);
}

/** ModelConfigResponse, with the fields of Triton's ModelConfig that `modelConfig` gives over HTTP. */
export const writeModelConfig = ({name, platform, inputs, outputs}: TensorModel): Buffer =>
  message(writer =>
    embed(writer, 1, config => {
      text(config, 1, name);
      text(config, 2, platform);
      for (const input of inputs) embed(config, 5, inner => writeConfigSpec(inner, input, 4));
      for (const output of outputs) embed(config, 6, inner => writeConfigSpec(inner, output, 3));
      text(config, 17, platform);
    }),
  );

function writeConfigSpec(writer: BinaryWriter, {name, datatype, shape}: TensorSpec, dimsField: number): void {
  text(writer, 1, name);
  writer.tag(2, WireType.Varint).int32(CONFIG_TYPES.indexOf(configType(datatype)));
  longs(writer, dimsField, shape);
}

/** RepositoryIndexResponse. */
export const writeIndex = (entries: readonly RepositoryEntry[]): Buffer =>
  message(writer => {
    for (const {name, version, state, reason} of entries)
      embed(writer, 1, entry => {
        text(entry, 1, name);
        text(entry, 2, version);
        text(entry, 3, state);
        text(entry, 4, reason);
      });
  });

/** ModelStatisticsResponse; times that are not measured (queue, input, output) are left out. */
export const writeStatistics = (all: readonly ModelStatistics[]): Buffer =>
  message(writer => {
    for (const {name, version, lastInference, inferenceCount, success, fail} of all)
      embed(writer, 1, model => {
        text(model, 1, name);
        text(model, 2, version);
        model.tag(3, WireType.Varint).uint64(lastInference);
        model.tag(4, WireType.Varint).uint64(inferenceCount);
        embed(model, 6, times => {
          embed(times, 1, inner => writeTime(inner, success));
          embed(times, 2, inner => writeTime(inner, fail));
        });
      });
  });

function writeTime(writer: BinaryWriter, {count, ns}: CallTime): void {
  writer.tag(1, WireType.Varint).uint64(count).tag(2, WireType.Varint).uint64(ns);
}
