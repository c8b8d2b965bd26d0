export {buildServer} from './build-server.ts';
export {type RunningServer, type ServerOptions, startServer} from './start-server.ts';
