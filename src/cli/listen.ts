import type {Host} from '../app/index.ts';
import {MillraceError} from '../protocol/index.ts';
import {type RunningServer, type ServerOptions, startServer} from '../server/index.ts';

/** The port of a server unless told otherwise. */
export const PORT = 4100;

/** Ports after the wanted one that are tried when it is taken. */
const TRIES = 20;

export type ListenOptions = Omit<ServerOptions, 'port'> & {
  readonly port: number;
  /** The user named the port: no other will do. */
  readonly strict: boolean;
  /** Told when another port than `port` was taken. */
  readonly onOther: (port: number) => void;
};

/** Starts the server, on one of the next free ports if it may. Throws PORT_IN_USE. */
export async function listen(host: Host, options: ListenOptions): Promise<RunningServer> {
  const {port, strict, onOther, ...server} = options;
  for (let tried = port; ; tried++)
    try {
      const running = await startServer(host, {...server, port: tried});
      if (tried !== port) onOther(tried);
      return running;
    } catch (error) {
      const busy = error instanceof MillraceError && error.code === 'PORT_IN_USE';
      if (!busy || strict || tried === port + TRIES) throw error;
    }
}
