import {promisify} from 'node:util';
import {gunzip, inflate} from 'node:zlib';
import type {FastifyInstance, FastifyRequest} from 'fastify';
import {MillraceError} from '../../protocol/index.ts';

/** Bodies of predictions over HTTP and gRPC, sent and unpacked (bytes). */
export const BODY_LIMIT = 16 * 1_024 * 1_024;

const UNPACK = {gzip: promisify(gunzip), deflate: promisify(inflate)};

/**
 * In this scope a body is a Buffer, whatever its content type is, even if it has none; gzip and deflate are unpacked.
 * Bodies above the limit are refused with REQUEST_TOO_LARGE, before and after.
 */
export function takeRawBodies(scope: FastifyInstance, bodyLimit: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<Buffer>('*', {parseAs: 'buffer', bodyLimit}, (request, body, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') done(null, body);
    else unpack(encoding, body, bodyLimit).then(unpacked => done(null, unpacked), done);
  });
}

/** The body of a request in such a scope; empty if it has none. */
export const rawBody = (request: FastifyRequest): Buffer => (request.body as Buffer | undefined) ?? EMPTY;

const EMPTY = Buffer.alloc(0);

async function unpack(encoding: string, body: Buffer, maxOutputLength: number): Promise<Buffer> {
  if (!Object.hasOwn(UNPACK, encoding))
    throw new MillraceError('REQUEST_INVALID', `The body is encoded as '${encoding.slice(0, 40)}'.`, {
      fix: 'Send it as it is, or with content-encoding gzip or deflate.',
    });
  try {
    return await UNPACK[encoding as keyof typeof UNPACK](body, {maxOutputLength});
  } catch (cause) {
    if ((cause as {code?: unknown}).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxOutputLength, 'Unpacked, the');
    throw new MillraceError('REQUEST_INVALID', `The body is not ${encoding}: ${(cause as Error).message}.`, {
      cause,
      fix: 'Pack the whole body, and name how in content-encoding.',
    });
  }
}

/** The refusal of a body above the limit, by whoever finds it. */
export const tooLarge = (limit: number, subject = 'The'): MillraceError =>
  new MillraceError('REQUEST_TOO_LARGE', `${subject} body is larger than ${limit} bytes.`, {
    fix: 'Split the batch.',
  });
