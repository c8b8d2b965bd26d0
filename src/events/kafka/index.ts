export {type KafkaFeedOptions, openKafkaFeed} from './kafka-feed.ts';
export type {Followed} from './topic-reader.ts';
