export {openOpenTelemetry, type ServiceName} from './open-opentelemetry.ts';
