// Who may reach a server, and how: options of commands that serve.
import type {Command} from 'commander';
import {type AccessOptions, type Host, isLoopback} from '../app/index.ts';
import {MillraceError, type RateLimit} from '../protocol/index.ts';
import type {RunningServer, ServerOptions} from '../server/index.ts';
import {portNumber, rateLimit} from './options.ts';
import type {Terminal} from './terminal/terminal.ts';

export type AccessFlags = {
  readonly host: string;
  readonly auth?: true;
  readonly insecure?: true;
  readonly rate?: RateLimit;
  readonly adminPort?: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
};

export function accessFlags(command: Command): Command {
  return command
    .option('--host <address>', 'address to listen on; beyond this machine requests need keys', '127.0.0.1')
    .option('--auth', 'every request needs a key, also while there is none (default: once a key was made)')
    .option('--insecure', 'listen beyond this machine although there is no key: everyone may do everything')
    .option('--rate <n/s>', 'requests a second of each client without a rate of its own, such as 100/s', rateLimit)
    .option('--admin-port <n>', 'answer what changes or shows the platform only here, on 127.0.0.1', portNumber)
    .option('--tls-cert <file>', 'speak https with this certificate (PEM, with its chain)')
    .option('--tls-key <file>', 'the private key of the certificate (PEM)');
}

export const accessOptions = ({auth, rate}: AccessFlags): AccessOptions => ({
  auth: auth === true,
  ...(rate === undefined ? {} : {rate}),
});

/** How the server listens. Throws USAGE if only one of the two files of TLS is named. */
export function listenOptions(flags: AccessFlags): Omit<ServerOptions, 'port'> {
  const {host, insecure, adminPort, tlsCert: cert, tlsKey: key} = flags;
  if ((cert === undefined) !== (key === undefined))
    throw new MillraceError('USAGE', `--tls-${cert === undefined ? 'key' : 'cert'} was given alone.`, {
      fix: 'Give both --tls-cert and --tls-key.',
    });
  return {
    hostname: host,
    ...(insecure === undefined ? {} : {insecure}),
    ...(adminPort === undefined ? {} : {adminPort}),
    ...(cert === undefined || key === undefined ? {} : {tls: {cert, key}}),
  };
}

/** Says where admins ask, and who may do everything if nobody needs a key. */
export function noteAccess({access}: Host, server: RunningServer, {host}: AccessFlags, terminal: Terminal): void {
  const {dim, yellow} = terminal.errStyle;
  if (server.adminUrl !== server.url) terminal.note(`Console, metrics and admins: ${server.adminUrl}`);
  if (access.required) return;
  terminal.note(
    isLoopback(host)
      ? dim('Everyone on this machine may use it: no key was made yet (millrace keys create).')
      : yellow(`Everyone who can reach ${host} may do everything: no key was made yet, and --insecure was given.`),
  );
}
