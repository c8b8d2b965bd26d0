// Reads ModelInferResponse, for tests.
import {readMessage} from './wire.ts';

export type WireResponse = {
  model: string;
  version: string;
  id: string;
  outputs: {name: string; datatype: string; contents: Uint8Array | undefined}[];
  raw: Uint8Array[];
};

export function readInferResponse(bytes: Uint8Array): WireResponse {
  const response: WireResponse = {model: '', version: '', id: '', outputs: [], raw: []};
  readMessage(bytes, (field, _, reader) => {
    if (field === 1) response.model = reader.string();
    else if (field === 2) response.version = reader.string();
    else if (field === 3) response.id = reader.string();
    else if (field === 5) {
      const output = {name: '', datatype: '', contents: undefined as Uint8Array | undefined};
      readMessage(reader.bytes(), (inner, __, tensor) => {
        if (inner === 1) output.name = tensor.string();
        else if (inner === 2) output.datatype = tensor.string();
        else if (inner === 5) output.contents = tensor.bytes();
        else return false;
        return true;
      });
      response.outputs.push(output);
    } else if (field === 6) response.raw.push(reader.bytes());
    else return false;
    return true;
  });
  return response;
}
