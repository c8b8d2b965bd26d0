import type {Channel} from '../incidents/channel.ts';
import type {ChannelDefinition} from '../incidents/channel-definition.ts';
import type {Environment} from './environment.ts';
import {logChannel} from './log/log-channel.ts';
import {slackChannel} from './slack/slack-channel.ts';
import {mailChannel} from './smtp/mail-channel.ts';
import {webhookChannel} from './webhook/webhook-channel.ts';

export type ChannelOptions = {
  readonly environment: Environment;
  /** Takes the lines of log channels. */
  readonly write: (line: string) => void;
  /** Of one attempt; 10 s unless told. */
  readonly timeoutMs?: number;
};

/** Opens nothing yet: addresses are read, and connections made, for each notice. */
export function openChannel(
  definition: ChannelDefinition,
  {environment, write, timeoutMs = 10_000}: ChannelOptions,
): Channel {
  switch (definition.kind) {
    case 'webhook':
      return webhookChannel(definition, environment, timeoutMs);
    case 'slack':
      return slackChannel(definition, environment, timeoutMs);
    case 'mail':
      return mailChannel(definition, environment, timeoutMs);
    case 'log':
      return logChannel(definition, write);
  }
}
