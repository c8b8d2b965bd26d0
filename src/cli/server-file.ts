import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** A server leaves its address in its data folder, so that other commands find whoever has the data open. */
const fileIn = (folder: string): string => join(folder, 'server.json');

const ANSWER_MS = 2_000;

/** Writes the address down. What it returns takes it away again. */
export function announceServer(folder: string, url: string): () => void {
  writeFileSync(fileIn(folder), `${JSON.stringify({url, pid: process.pid})}\n`);
  return () => rmSync(fileIn(folder), {force: true});
}

/** Address of the server that has this data open; null if none answers. A file left by a killed one is no server. */
export async function findServer(folder: string): Promise<string | null> {
  if (!existsSync(fileIn(folder))) return null;
  try {
    const {url} = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as {url: string};
    const answer = await fetch(`${url}/health/live`, {signal: AbortSignal.timeout(ANSWER_MS)});
    return answer.ok ? url : null;
  } catch {
    // Half a file, or nobody there: then the stores can be opened, or say themselves who holds them.
    return null;
  }
}
