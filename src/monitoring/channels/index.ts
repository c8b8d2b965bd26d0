export type {Environment} from './environment.ts';
export {type ChannelOptions, openChannel} from './open-channel.ts';
