import type {ChannelDefinition, Notifications} from '../../monitoring/index.ts';
import type {Telling} from './open-desk.ts';

/** What keeps channels from being told before anything is sent: variables that are not set. One sentence each. */
export function channelProblems(notifications: Notifications | undefined, telling: Telling | undefined): string[] {
  if (!notifications || !telling) return [];
  return notifications.channels.flatMap(definition =>
    variablesOf(definition)
      .filter(name => !telling.environment[name])
      .map(name => `Channel '${definition.name}' needs the environment variable ${name}, which is not set.`),
  );
}

function variablesOf(definition: ChannelDefinition): string[] {
  switch (definition.kind) {
    case 'webhook':
      return [definition.url.env, ...(definition.secret ? [definition.secret.env] : [])];
    case 'slack':
      return [definition.url.env];
    case 'mail':
      return [definition.server.env];
    case 'log':
      return [];
  }
}
