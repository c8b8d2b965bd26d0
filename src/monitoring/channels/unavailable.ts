import {MillraceError} from '../../protocol/index.ts';

/** A channel that could not be told. `why` must hold no secret: it is kept and shown. */
export const unavailable = (channel: string, why: string, fix: string): MillraceError =>
  new MillraceError('CHANNEL_UNAVAILABLE', `Channel '${channel}' ${why}.`, {fix});
