export {MillraceError} from './protocol/index.ts';
