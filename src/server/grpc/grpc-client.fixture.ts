// A client of the service that sends and takes messages as bytes, written with nothing but field numbers.
import {type BinaryWriter, WireType} from '@bufbuild/protobuf/wire';
import {Client, credentials, type Metadata, type ServiceError} from '@grpc/grpc-js';
import {message} from './wire.ts';

const asIs = (bytes: Buffer): Buffer => bytes;
const pathOf = (method: string): string => `/inference.GRPCInferenceService/${method}`;

export type GrpcAnswer = {
  readonly bytes: Buffer | undefined;
  /** 0 if it went well. */
  readonly code: number;
  readonly details: string;
  readonly trailers: Metadata | undefined;
};

export class GrpcClient {
  readonly #client: Client;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), {'grpc.max_send_message_length': -1});
  }

  call(method: string, bytes: Buffer, options: {deadlineMs?: number; metadata?: Metadata} = {}): Promise<GrpcAnswer> {
    return this.begin(method, bytes, options).answer;
  }

  /** The same, with a way to break it off. */
  begin(method: string, bytes: Buffer, options: {deadlineMs?: number; metadata?: Metadata} = {}) {
    const {deadlineMs, metadata} = options;
    let cancel = (): void => {};
    const answer = new Promise<GrpcAnswer>(resolve => {
      const reply = (error: ServiceError | null, value?: Buffer): void =>
        resolve({bytes: value, code: error?.code ?? 0, details: error?.details ?? '', trailers: error?.metadata});
      const call = this.#client.makeUnaryRequest(
        pathOf(method),
        asIs,
        asIs,
        bytes,
        ...((metadata ? [metadata] : []) as [Metadata]),
        deadlineMs === undefined ? {} : {deadline: Date.now() + deadlineMs},
        reply,
      );
      cancel = () => call.cancel();
    });
    return {answer, cancel: () => cancel()};
  }

  stream(method: string) {
    return this.#client.makeBidiStreamRequest(pathOf(method), asIs, asIs);
  }

  close(): void {
    this.#client.close();
  }
}

export type WireInput = {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** Field of the contents, and what stands in it. */
  readonly contents?: (writer: BinaryWriter) => void;
};

export type WireRequest = {
  readonly model: string;
  readonly version?: string;
  readonly id?: string;
  readonly inputs?: readonly WireInput[];
  readonly outputs?: readonly string[];
  readonly raw?: readonly Uint8Array[];
  /** Parameters with a whole number. */
  readonly parameters?: Readonly<Record<string, number>>;
};

export function inferRequest({
  model,
  version,
  id,
  inputs = [],
  outputs = [],
  raw = [],
  parameters = {},
}: WireRequest): Buffer {
  return message(writer => {
    writer.tag(1, WireType.LengthDelimited).string(model);
    if (version !== undefined) writer.tag(2, WireType.LengthDelimited).string(version);
    if (id !== undefined) writer.tag(3, WireType.LengthDelimited).string(id);
    for (const [key, value] of Object.entries(parameters)) {
      writer.tag(4, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(key);
      writer.tag(2, WireType.LengthDelimited).fork().tag(2, WireType.Varint).int64(value).join().join();
    }
    for (const {name, datatype, shape, contents} of inputs) {
      writer.tag(5, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(name);
      writer.tag(2, WireType.LengthDelimited).string(datatype);
      // Not packed, which a reader has to take as well.
      for (const size of shape) writer.tag(3, WireType.Varint).int64(size);
      if (contents) {
        writer.tag(5, WireType.LengthDelimited).fork();
        contents(writer);
        writer.join();
      }
      writer.join();
    }
    for (const name of outputs)
      writer.tag(6, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(name).join();
    for (const bytes of raw) writer.tag(7, WireType.LengthDelimited).bytes(bytes);
  });
}
