import type {Channel} from '../../incidents/channel.ts';
import type {LogDefinition} from '../../incidents/channel-definition.ts';

/** Writes each notice as a line of JSON. */
export function logChannel({name}: LogDefinition, write: (line: string) => void): Channel {
  return {
    name,
    send: async ({id, event, incident, link}) => {
      const {model, severity, title, summary, since, cause, owner, runbook, resolvedAt} = incident;
      write(
        JSON.stringify({
          msg: `incident ${event}`,
          delivery: id,
          incident: incident.id,
          model,
          severity,
          title,
          summary,
          cause: `${cause.kind}:${cause.name}`,
          since: new Date(since).toISOString(),
          resolvedAt: resolvedAt === null ? null : new Date(resolvedAt).toISOString(),
          owner,
          runbook,
          link,
        }),
      );
    },
  };
}
