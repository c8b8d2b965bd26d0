// Clients that are slow, or hold half a request open, must not keep a server from ending.

/** Requests that run are waited for this long, then their connections are closed (milliseconds). */
export const GRACE_MS = 10_000;

type Connections = {closeAllConnections(): void};

/** Waits for `closed`, and closes what is still connected when the time is over. Node watches no timeouts once a server closes. */
export async function closeWithin(graceMs: number, connected: Connections, closed: Promise<unknown>): Promise<void> {
  const timer = setTimeout(() => connected.closeAllConnections(), graceMs);
  await closed.finally(() => clearTimeout(timer));
}
