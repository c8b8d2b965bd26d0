// The address of a Kafka cluster: `host:9092,host:9092`, or a URL where there are credentials or TLS, such as
// `kafka://user:password@host:9092,host:9092?tls=true&mechanism=SCRAM-SHA-256`.
import {MillraceError} from '../../protocol/index.ts';

const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
type Mechanism = (typeof MECHANISMS)[number];

export type KafkaAddress = {
  readonly brokers: readonly string[];
  readonly tls: boolean;
  readonly login: {readonly mechanism: Mechanism; readonly username: string; readonly password: string} | null;
};

const ADDRESS = /^(?:kafka:\/\/)?(?:([^:@/]*):([^@/]*)@)?([^@/?]+)\/?(?:\?(.*))?$/;
const BROKER = /^(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/;

/** Throws SOURCE_UNAVAILABLE, without a word of the address. */
export function parseAddress(address: string, variable: string): KafkaAddress {
  const [, username, password, hosts = '', query] = ADDRESS.exec(address) ?? [];
  const brokers = hosts.split(',').map(host => (/:\d+$/.test(host) ? host : `${host}:9092`));
  const parameters = new URLSearchParams(query);
  const mechanism = parameters.get('mechanism') ?? 'PLAIN';
  const user = decoded(username);
  const secret = decoded(password);
  if (!brokers.every(broker => BROKER.test(broker)) || user === undefined || secret === undefined)
    throw invalid(variable, 'is not the address of a Kafka cluster');
  if (!isMechanism(mechanism)) throw invalid(variable, `names a mechanism that is none of ${MECHANISMS.join(', ')}`);
  return {
    brokers,
    tls: parameters.get('tls') === 'true',
    login: user === null || secret === null ? null : {mechanism, username: user, password: secret},
  };
}

const isMechanism = (text: string): text is Mechanism => (MECHANISMS as readonly string[]).includes(text);

/** Null where there is none, undefined where it is no encoded text. */
function decoded(text: string | undefined): string | null | undefined {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const invalid = (variable: string, what: string) =>
  new MillraceError('SOURCE_UNAVAILABLE', `What ${variable} holds ${what}.`, {
    fix: 'Write host:9092,host:9092, or kafka://user:password@host:9092?tls=true&mechanism=SCRAM-SHA-256, with %40 for @ in the password.',
  });
