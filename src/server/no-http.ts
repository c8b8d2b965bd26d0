// What reaches the port and is no HTTP: answered in the shape of our errors, since no protocol is known yet.
import type {Socket} from 'node:net';
import {type ErrorCode, MillraceError} from '../protocol/index.ts';

type Refusal = {readonly status: string; readonly code: ErrorCode; readonly message: string; readonly fix: string};

const NO_HTTP: Refusal = {
  status: '400 Bad Request',
  code: 'REQUEST_INVALID',
  message: 'This is no HTTP request.',
  fix: 'Speak HTTP/1.1 here; HTTPS if the server was started with a certificate.',
};

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'REQUEST_TOO_LARGE',
    message: 'The headers are too large.',
    fix: 'Send less than 16 KiB of headers.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'REQUEST_INVALID',
    message: 'The request took too long to arrive.',
    fix: 'Send the whole request at once.',
  },
};

/** Answers on the socket and ends it. Whoever hung up is not answered. */
export function answerNoHttp(error: Error & {code?: string}, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const {status, code, message, fix} = REFUSALS[error.code ?? ''] ?? NO_HTTP;
    const body = JSON.stringify(new MillraceError(code, message, {cause: error, fix}));
    socket.write(
      `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
