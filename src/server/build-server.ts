import type {FastifyInstance} from 'fastify';
import type {Host} from '../app/index.ts';
import {AdminPort} from './access/admin-port.ts';
import {guardRoutes} from './access/guard-routes.ts';
import {keyRoutes} from './access/key-routes.ts';
import type {Tls} from './access/tls.ts';
import {AdmissionControl} from './admission.ts';
import {bareServer} from './bare-server.ts';
import {catalogueRoutes} from './catalogue-routes.ts';
import {consistencyRoutes} from './consistency-routes.ts';
import {consoleRoutes} from './console-routes.ts';
import {dataRoutes} from './data-routes.ts';
import {eventRoutes} from './event-routes.ts';
import {openFastLane} from './fast-lane/fast-lane.ts';
import {featureReadRoutes} from './feature-read-routes.ts';
import {healthRoutes} from './health-routes.ts';
import {incidentRoutes} from './incident-routes.ts';
import {inferenceRoutes} from './inference/inference-routes.ts';
import {InferenceStatistics} from './inference/inference-statistics.ts';
import {liveRoute} from './live-route.ts';
import {shedLoad} from './load-shedding.ts';
import {AccessLog} from './logs/access-log.ts';
import {noteRequests} from './logs/note-requests.ts';
import {metricsRoute} from './metrics-route.ts';
import {mlflowRoutes} from './mlflow/mlflow-routes.ts';
import {openApiRoute} from './open-api-route.ts';
import {predictionRoutes} from './prediction-routes.ts';
import {readRoutes} from './read-routes.ts';
import {RequestTimes} from './request-times.ts';
import {servingRoutes} from './serving-routes.ts';
import {silenceRoutes} from './silence-routes.ts';
import {traceRequests} from './traces/request-traces.ts';

export type BuildOptions = {
  readonly tls?: Tls | null;
  /** Where what changes things is asked for; everywhere while it does not listen. */
  readonly admin?: AdminPort;
  /** Shared with gRPC, so that either tells of both. */
  readonly statistics?: InferenceStatistics;
  /** Says what is taken while there is too much. */
  readonly admission?: AdmissionControl;
};

/** The HTTP server of a host, not listening yet. */
export async function buildServer(host: Host, options: BuildOptions = {}): Promise<FastifyInstance> {
  const {tls = null, admin = new AdminPort(), statistics = new InferenceStatistics(host.runtime.clock)} = options;
  const {admission = new AdmissionControl()} = options;
  const server = bareServer('See docs/rooms/server.md for the routes.', tls, host.log);
  guardRoutes(server, host, admin);
  keyRoutes(server, host);
  healthRoutes(server, host);
  const times = new RequestTimes();
  let closing = false;
  server.addHook('preClose', async () => {
    closing = true;
  });
  const access = new AccessLog(host.log);
  if (host.tracing) traceRequests(server, host.tracing);
  noteRequests(server, access, times);
  openFastLane(server.server, {host, statistics, times, access, closing: () => closing});
  shedLoad(server.server, admission, name => {
    const model = host.platform?.models.find(({definition}) => definition.name === name);
    model?.slos.unanswered(1, host.runtime.clock.now());
  });
  metricsRoute(server, host, admission, times);
  predictionRoutes(server, host);
  inferenceRoutes(server, () => host.repository(), {statistics});
  mlflowRoutes(server, () => host.repository(), {statistics});
  featureReadRoutes(server, host);
  eventRoutes(server, host);
  readRoutes(server, host);
  servingRoutes(server, host);
  openApiRoute(server, host);
  dataRoutes(server, host);
  consistencyRoutes(server, host);
  incidentRoutes(server, host);
  silenceRoutes(server, host);
  catalogueRoutes(server, host);
  liveRoute(server, host);
  await consoleRoutes(server);
  return server;
}
