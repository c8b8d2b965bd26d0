export {openPostgresFeed, type PostgresFeedOptions} from './postgres-feed.ts';
