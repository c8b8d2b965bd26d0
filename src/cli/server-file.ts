import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {MillraceError} from '../protocol/index.ts';

/** A server leaves its address in its data folder, so that other commands find whoever has the data open. */
const fileIn = (folder: string): string => join(folder, 'server.json');

const ANSWER_MS = 2_000;

/** Codes of certificates that were not signed by anyone known, are for another name, or have ended. */
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ALTNAME|CERT_/;

/** Writes the address down. What it returns takes it away again. */
export function announceServer(folder: string, url: string): () => void {
  writeFileSync(fileIn(folder), `${JSON.stringify({url, pid: process.pid})}\n`);
  return () => rmSync(fileIn(folder), {force: true});
}

/**
 * Address of the server that has this data open, where it answers everything; null if none answers. A file left by a
 * killed one is no server. Throws STORE_UNAVAILABLE if its certificate is not trusted.
 */
export async function findServer(folder: string): Promise<string | null> {
  if (!existsSync(fileIn(folder))) return null;
  try {
    const {url} = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as {url: string};
    const answer = await fetch(`${url}/health/live`, {signal: AbortSignal.timeout(ANSWER_MS)});
    return answer.ok ? url : null;
  } catch (error) {
    const distrust = (error as {cause?: {code?: unknown; message?: string}}).cause;
    if (UNTRUSTED.test(String(distrust?.code)))
      throw new MillraceError('STORE_UNAVAILABLE', `The server's certificate is not trusted: ${distrust?.message}.`, {
        cause: error,
        fix: 'Set NODE_EXTRA_CA_CERTS to the PEM file of the certificate, or of who signed it; it must name 127.0.0.1.',
      });
    // Half a file, or nobody there: then the stores can be opened, or say themselves who holds them.
    return null;
  }
}
