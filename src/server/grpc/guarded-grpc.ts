import {authorizeMetadata, type Host, whoAsked} from '../../app/index.ts';
import {MillraceError, type Scope} from '../../protocol/index.ts';
import type {Tls} from '../access/tls.ts';
import type {InferenceStatistics} from '../inference/inference-statistics.ts';
import type {Authorize} from './handlers.ts';
import {type RunningGrpc, startGrpc} from './start-grpc.ts';

export type GuardedGrpcOptions = {
  readonly port: number;
  readonly hostname: string;
  readonly tls: Tls | null;
  readonly statistics: InferenceStatistics;
  /** Where changes are asked for over HTTP; gRPC then takes none. */
  readonly adminPort: number | undefined;
};

/** Keys with one of these may do what a scope of the service covers: the same as over HTTP. */
const SCOPES: Readonly<Record<'predict' | 'read' | 'admin', readonly Scope[]>> = {
  predict: ['predict'],
  read: ['predict', 'read'],
  admin: ['admin'],
};

/** The models of a host over gRPC, to those who may ask. Throws PACKAGE_MISSING, PORT_IN_USE. */
export function startGuardedGrpc(host: Host, options: GuardedGrpcOptions): Promise<RunningGrpc> {
  const {adminPort, tls, ...listening} = options;
  const authorize: Authorize = async ({authorization, scope, model, peer}) => {
    if (scope === 'admin' && adminPort !== undefined)
      throw new MillraceError('FORBIDDEN', 'Models are not loaded and unloaded over gRPC here.', {
        fix: 'Ask on the admin port, over HTTP.',
      });
    const address = addressOf(peer);
    return whoAsked(await authorizeMetadata(host, authorization, SCOPES[scope], model ?? undefined, address), address);
  };
  const {log} = host;
  return startGrpc({...listening, repository: () => host.repository(), authorize, log, ...(tls === null ? {} : {tls})});
}

/** The address in `127.0.0.1:5000` or `[::1]:5000`. */
const addressOf = (peer: string): string => peer.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
