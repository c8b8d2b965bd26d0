import {MillraceError} from '../../protocol/index.ts';
import type {Access} from './access.ts';

/** Whether only this machine can reach a server that listens there. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '::1' || /^127\.\d+\.\d+\.\d+$/.test(hostname);

/** Throws USAGE if strangers could reach a server that asks nobody for a key. `insecure`: they may. */
export function requireGuard(access: Access, hostname: string, insecure: boolean): void {
  if (access.required || insecure || isLoopback(hostname)) return;
  throw new MillraceError(
    'USAGE',
    `Everyone who can reach ${hostname} could use this server: the project has no key yet.`,
    {
      fix: 'Make one first: millrace keys create ops --scope admin. Or let everyone in with --insecure, or listen on 127.0.0.1.',
    },
  );
}
