// The desk of a project: with the channels that it declares where people are to be told.
import {randomUUID} from 'node:crypto';
import {type Environment, openChannel} from '../../monitoring/channels/index.ts';
import {LOG_ONLY} from '../../monitoring/index.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {IncidentContexts} from './incident-context.ts';
import {IncidentDesk} from './incident-desk.ts';

/** How people are told. Without it nobody is: a history that is replayed wakes no one. */
export type Telling = {
  /** Addresses and secrets of the channels by the names that definitions give. */
  readonly environment: Environment;
  /** Takes the lines of log channels. */
  readonly write: (line: string) => void;
};

/** Not opened yet. */
export function openDesk(runtime: Runtime, telling?: Telling): IncidentDesk {
  const {project, metadata, monitoring, clock} = runtime;
  const {notifications = LOG_ONLY} = project;
  const contexts = new IncidentContexts(runtime);
  return new IncidentDesk({
    metadata,
    models: project.models.map(({name}) => name),
    notifications,
    channels: telling ? notifications.channels.map(definition => openChannel(definition, telling)) : [],
    context: model => contexts.of(model),
    alerts: model => monitoring.alerts(model),
    clock,
    random: Math.random,
    newId: () => randomUUID(),
  });
}
