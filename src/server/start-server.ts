import {type Host, requireGuard, type WorkerPool} from '../app/index.ts';
import {MillraceError, type Value} from '../protocol/index.ts';
import {AdminPort} from './access/admin-port.ts';
import {readTls, type TlsFiles} from './access/tls.ts';
import {buildServer} from './build-server.ts';
import {closeWithin, GRACE_MS} from './grace.ts';
import {startGuardedGrpc} from './grpc/guarded-grpc.ts';
import type {RunningGrpc} from './grpc/start-grpc.ts';
import {InferenceStatistics} from './inference/inference-statistics.ts';
import {DealtPort} from './workers/dealt-port.ts';
import {knowClients} from './workers/own-header.ts';

export type ServerOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** Loopback unless told otherwise: nobody else can connect. */
  readonly hostname?: string;
  /** A port of this machine for all that changes or shows the platform; `port` then answers what serves, and health. */
  readonly adminPort?: number;
  /** PEM files; both ports then speak https. */
  readonly tls?: TlsFiles;
  /** Strangers may use a server that has no key yet. */
  readonly insecure?: boolean;
  /** Other processes that take the connections of `port`, and pass on what they do not answer. */
  readonly workers?: Pick<WorkerPool, 'leader' | 'deal'>;
};

export type RunningServer = {
  readonly url: string;
  /** Where everything is answered: `url`, unless admins have a port of their own. */
  readonly adminUrl: string;
  /** Asks this server for a prediction, over the network as a client would. */
  predict(model: string, instance: Readonly<Record<string, Value>>): Promise<void>;
  /** Speaks gRPC too, as guarded as HTTP; `close` ends both. Throws PORT_IN_USE, PACKAGE_MISSING. */
  serveGrpc(port: number): Promise<RunningGrpc>;
  /** Stops taking requests and waits for those that are running, 10 s unless told (milliseconds). */
  close(graceMs?: number): Promise<void>;
};

/** Serves the API and the console. Throws PORT_IN_USE; USAGE for what `readTls` and `requireGuard` refuse. */
export async function startServer(host: Host, options: ServerOptions): Promise<RunningServer> {
  const {port, hostname = '127.0.0.1', adminPort, workers} = options;
  const tls = options.tls ? readTls(options.tls) : null;
  const admin = new AdminPort();
  const statistics = new InferenceStatistics(host.runtime.clock);
  const server = await buildServer(host, {tls, admin, statistics});
  let url: string;
  let adminUrl: string | null = null;
  let dealt: DealtPort | null = null;
  try {
    await server.ready();
    requireGuard(host.access, hostname, options.insecure ?? false);
    // First, so that no moment passes in which the main port answers all.
    if (adminPort !== undefined) adminUrl = await admin.listen(server.routing, adminPort, tls);
    if (workers === undefined) url = await server.listen({port, host: hostname});
    else {
      knowClients(server.server, workers.leader.token);
      await server.listen({path: workers.leader.socket});
      dealt = new DealtPort(server.server, (socket, back) => workers.deal(socket, back));
      url = `${tls === null ? 'http' : 'https'}://${nameOf(hostname)}:${await dealt.listen(port, hostname)}`;
    }
  } catch (error) {
    await server.close();
    if ((error as {code?: unknown}).code !== 'EADDRINUSE') throw error;
    throw new MillraceError('PORT_IN_USE', `Port ${port} on ${hostname} is in use.`, {
      cause: error,
      fix: 'Stop what listens there, or name another port with --port.',
    });
  }
  const running: RunningGrpc[] = [];
  return {
    url,
    adminUrl: adminUrl ?? url,
    serveGrpc: async grpcPort => {
      const grpc = await startGuardedGrpc(host, {port: grpcPort, hostname, tls, statistics, adminPort});
      running.push(grpc);
      return grpc;
    },
    close: async (graceMs = GRACE_MS) => {
      await Promise.all(running.map(grpc => grpc.close(graceMs)));
      await closeWithin(graceMs, server.server, Promise.all([dealt?.close(), server.close()]));
    },
    predict: async (model, instance) => {
      const answer = await fetch(`${url}/v1/models/${encodeURIComponent(model)}/predict`, {
        method: 'POST',
        headers: {'content-type': 'application/json', authorization: host.access.ownAuthorization},
        body: JSON.stringify({instances: [instance]}),
      });
      const body = await answer.text();
      if (!answer.ok) throw new MillraceError('INTERNAL', `The server answered ${answer.status}: ${body}`);
    },
  };
}

/** An address as a URL names it; one that stands for all of them is asked at loopback. */
function nameOf(hostname: string): string {
  if (hostname === '0.0.0.0') return '127.0.0.1';
  if (hostname === '::') return '[::1]';
  return hostname.includes(':') ? `[${hostname}]` : hostname;
}
