// Addresses of servers: read from the environment by name, and kept out of every message.
import {MillraceError} from '../../protocol/index.ts';
import type {LiveOrigin} from '../origin.ts';
import type {Source} from '../source.ts';

/** Addresses by name: `process.env`, or an own record of them. */
export type Connections = Readonly<Record<string, string | undefined>>;

/** The address that the origin names. Throws SOURCE_NOT_FOUND when there is none of that name. */
export function addressOf({name}: Source, {kind, connection: {env}}: LiveOrigin, connections: Connections): string {
  const address = connections[env];
  if (address !== undefined && address !== '') return address;
  throw new MillraceError(
    'SOURCE_NOT_FOUND',
    `Source '${name}' is followed from ${kind} at the address in ${env}, which is not set.`,
    {fix: `Set the environment variable ${env} to ${EXAMPLES[kind]}.`},
  );
}

const EXAMPLES: Record<LiveOrigin['kind'], string> = {
  postgres: 'postgres://user:password@host:5432/database',
  kafka: 'host:9092,host:9092, or kafka://user:password@host:9092?tls=true&mechanism=SCRAM-SHA-256',
};

/** Takes secrets out of texts: each, and the form that it has in a URL, becomes `***`. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const hidden = [...new Set(secrets.flatMap(secret => [secret, encodeURIComponent(secret)]))]
    .filter(secret => secret !== '')
    .sort((a, b) => b.length - a.length);
  return text => hidden.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** What an error says in one line, those that it gathers included. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0)
    return [...new Set(error.errors.map(reasonOf))].slice(0, 2).join('; ');
  if (!(error instanceof Error)) return String(error);
  const text = error.message || (error as NodeJS.ErrnoException).code || error.name;
  return text.split('\n')[0]!;
}
