export {buildServer} from './build-server.ts';
export {buildFeatureServer} from './feature-server.ts';
export {PRODUCT, VERSION} from './product.ts';
export {type RunningServer, type ServerOptions, startServer} from './start-server.ts';
export {startWorkerServer, type WorkerServer} from './workers/worker-server.ts';
