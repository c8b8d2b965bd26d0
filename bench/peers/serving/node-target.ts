// Targets that are scripts of ours: started with an IPC channel, they tell their address and end when told to.
import {once} from 'node:events';
import {join} from 'node:path';
import {SERVER_CORE, spawnOn} from '../../load/run.ts';

export type NodeServer<Told> = {readonly told: Told; readonly pid: number; stop(): Promise<void>};

/** Starts a compiled script of this folder on the server's core, and waits for its first message. */
export async function startNode<Told>(script: string, args: readonly string[]): Promise<NodeServer<Told>> {
  const child = spawnOn(SERVER_CORE, process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${code}.`);
  });
  failed.catch(() => undefined);
  const [told] = (await Promise.race([once(child, 'message'), failed])) as [Told];
  return {
    told,
    pid: child.pid!,
    stop: async () => {
      const exited = once(child, 'exit');
      child.send('stop');
      await exited;
    },
  };
}
