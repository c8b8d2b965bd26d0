/**
 * ModelInferRequest and ModelInferResponse of the Open Inference Protocol over gRPC. Field numbers are those of its
 * public definition: https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/open_inference_grpc.proto
 */
import type {BinaryWriter} from '@bufbuild/protobuf/wire';
import type {InferAnswer} from '../../app/index.ts';
import {MillraceError, type Tensor} from '../../protocol/index.ts';
import {checkDatatype} from '../inference/infer-inputs.ts';
import {type CallOptions, callOptions, refuseUnoffered} from '../inference/infer-parameters.ts';
import {checkShape} from '../tensors/nested-data.ts';
import {rawBytes, readRaw} from '../tensors/raw-tensor.ts';
import {readParameter, writeParameters} from './infer-parameter.ts';
import {hasContents, readContents, writeContents} from './tensor-contents.ts';
import {bytes, embed, longs, message, readMessage, readPacked, text} from './wire.ts';

export type InferCall = CallOptions & {
  readonly model: string;
  readonly version: string;
  readonly id: string;
  readonly inputs: readonly Tensor[];
  /** Names of the outputs wanted; empty: all. */
  readonly outputs: readonly string[];
  /** The caller sent typed contents, and gets some if it can be. */
  readonly typed: boolean;
};

/** More tensors than a request has; a few bytes each would otherwise fill the memory. */
const MAX_TENSORS = 10_000;

type Draft = {name: string; datatype: string; shape: number[]; contents?: Uint8Array};

/** Throws REQUEST_INVALID, REQUEST_TOO_LARGE. */
export function readInferRequest(whole: Uint8Array): InferCall {
  let model = '';
  let version = '';
  let id = '';
  const parameters = new Map<string, unknown>();
  const drafts: Draft[] = [];
  const outputs = new Set<string>();
  const raw: Uint8Array[] = [];
  readMessage(whole, (field, _, reader) => {
    if (field === 1) model = reader.string();
    else if (field === 2) version = reader.string();
    else if (field === 3) id = reader.string();
    else if (field === 4) readParameter(reader, parameters);
    else if (field === 5) drafts.push(readDraft(reader.bytes()));
    else if (field === 6) outputs.add(readOutput(reader.bytes()));
    else if (field === 7) raw.push(reader.bytes());
    else return false;
    if (drafts.length > MAX_TENSORS || raw.length > MAX_TENSORS || outputs.size > MAX_TENSORS)
      throw new MillraceError('REQUEST_TOO_LARGE', `The request has more than ${MAX_TENSORS} tensors.`);
    return true;
  });
  const typed = raw.length === 0 && drafts.some(({contents}) => contents !== undefined);
  return {
    ...callOptions(parameters),
    model,
    version,
    id,
    inputs: finish(drafts, raw, typed),
    outputs: [...outputs],
    typed,
  };
}

function readDraft(whole: Uint8Array): Draft {
  const draft: Draft = {name: '', datatype: '', shape: []};
  const parameters = new Map<string, unknown>();
  readMessage(whole, (field, wire, reader) => {
    if (field === 1) draft.name = reader.string();
    else if (field === 2) draft.datatype = reader.string();
    else if (field === 3) readPacked(wire, reader, () => draft.shape.push(Number(reader.int64())));
    else if (field === 4) readParameter(reader, parameters);
    else if (field === 5) draft.contents = reader.bytes();
    else return false;
    return true;
  });
  refuseUnoffered(parameters);
  return draft;
}

function readOutput(whole: Uint8Array): string {
  let name = '';
  const parameters = new Map<string, unknown>();
  readMessage(whole, (field, _, reader) => {
    if (field === 1) name = reader.string();
    else if (field === 2) readParameter(reader, parameters);
    else return false;
    return true;
  });
  refuseUnoffered(parameters);
  return name;
}

function finish(drafts: readonly Draft[], raw: readonly Uint8Array[], typed: boolean): Tensor[] {
  if (!typed && raw.length !== drafts.length)
    throw new MillraceError('REQUEST_INVALID', `There are ${drafts.length} inputs and ${raw.length} raw contents.`, {
      fix: 'Send the data of all inputs in raw_input_contents, in their order, or of all in their contents.',
    });
  const names = new Set<string>();
  return drafts.map(({name, datatype: given, shape, contents}, i): Tensor => {
    if (name === '' || names.has(name))
      throw new MillraceError('REQUEST_INVALID', `Input ${i} is called '${name}'.`, {
        fix: 'Give each a name of its own.',
      });
    names.add(name);
    const datatype = checkDatatype(name, given);
    const elements = checkShape(name, shape);
    if (!typed && contents !== undefined)
      throw new MillraceError('REQUEST_INVALID', `Input '${name}' has contents, and raw contents.`, {
        fix: 'Send its data once.',
      });
    const data = typed
      ? readContents(name, datatype, elements, contents ?? EMPTY)
      : readRaw(name, datatype, elements, raw[i]!);
    return {name, datatype, shape, data};
  });
}

const EMPTY = new Uint8Array();

/** The answer: typed contents if the caller sent such and all outputs can be so, else raw ones. */
export function writeInferResponse(
  model: {readonly name: string; readonly version: string},
  {id, typed}: Pick<InferCall, 'id' | 'typed'>,
  answer: InferAnswer,
): Buffer {
  return message(writer => writeInferFields(writer, model, {id, typed}, answer));
}

/** The same, into a message that is being written. */
export function writeInferFields(
  writer: BinaryWriter,
  {name, version}: {readonly name: string; readonly version: string},
  {id, typed}: Pick<InferCall, 'id' | 'typed'>,
  {outputs, parameters}: InferAnswer,
): void {
  const asContents = typed && outputs.every(({datatype}) => hasContents(datatype));
  text(writer, 1, name);
  text(writer, 2, version);
  text(writer, 3, id);
  writeParameters(writer, 4, parameters);
  for (const output of outputs)
    embed(writer, 5, inner => {
      text(inner, 1, output.name);
      text(inner, 2, output.datatype);
      longs(inner, 3, output.shape);
      if (asContents) embed(inner, 5, contents => writeContents(contents, output.datatype, output.data));
    });
  if (!asContents) for (const {data} of outputs) bytes(writer, 6, rawBytes(data));
}
