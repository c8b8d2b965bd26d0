import type {FastifyRequest} from 'fastify';
import {OPEN, whoAsked} from '../../app/index.ts';

/** Who sends this request, as the audit log names them. */
export const whoAsks = ({principal, ip}: FastifyRequest): string => whoAsked(principal ?? OPEN, ip);
