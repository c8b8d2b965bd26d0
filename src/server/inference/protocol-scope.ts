import type {FastifyInstance, FastifyReply} from 'fastify';
import type {MillraceError} from '../../protocol/index.ts';
import {startErrorAnswer} from '../errors.ts';
import {refuseOtherOrigins} from './own-origin.ts';
import {takeRawBodies, tooLarge} from './raw-bodies.ts';

/** The client is gone: nobody reads the answer, and its status is for the metrics. */
const CLIENT_GONE = 499;

/**
 * Makes a scope that of a protocol of strangers: bodies as bytes whatever their content type, none from pages of other
 * origins, and failures in the protocol's own shape, which `bodyOf` gives. The function that answers them is returned.
 */
export function protocolScope(
  scope: FastifyInstance,
  bodyLimit: number,
  bodyOf: (error: MillraceError) => object,
): (error: unknown, reply: FastifyReply) => FastifyReply {
  const answerError = (error: unknown, reply: FastifyReply): FastifyReply => {
    if (reply.raw.destroyed) return reply.code(CLIENT_GONE).send();
    const large = (error as {code?: unknown}).code === 'FST_ERR_CTP_BODY_TOO_LARGE';
    return reply.send(bodyOf(startErrorAnswer(large ? tooLarge(bodyLimit) : error, reply)));
  };
  takeRawBodies(scope, bodyLimit);
  scope.addHook('onRequest', refuseOtherOrigins);
  scope.setErrorHandler((error, _request, reply) => answerError(error, reply));
  return answerError;
}
