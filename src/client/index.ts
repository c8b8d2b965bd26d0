export {
  type CallOptions,
  type ClientOptions,
  createClient,
  type MillraceClient,
  type SilenceRequest,
} from './client.ts';
export {ClientError, type ClientErrorCode} from './client-error.ts';
export type {LiveOptions, LiveState, Subscription} from './live.ts';
export type {Fetch} from './request.ts';
