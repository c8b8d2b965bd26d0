// A certificate and its key, as files in PEM, checked before anything listens.
import {createPrivateKey, type KeyObject, X509Certificate} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createSecureContext} from 'node:tls';
import {MillraceError} from '../../protocol/index.ts';

export type Tls = {readonly cert: string; readonly key: string};

export type TlsFiles = {readonly cert: string; readonly key: string};

/** Reads both. `cert` may hold the chain, the server's own first. Throws USAGE, naming the file and what is wrong. */
export function readTls({cert: certFile, key: keyFile}: TlsFiles): Tls {
  const cert = read(certFile, 'certificate');
  const key = read(keyFile, 'key');
  if (/^(-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED)/m.test(key))
    throw wrong(`The key in ${keyFile} asks for a passphrase.`, 'Give one without: openssl pkey -in it -out another.');
  const certificate = parsed(certFile, 'certificate', () => new X509Certificate(cert));
  const privateKey = parsed<KeyObject>(keyFile, 'private key', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw wrong(
      `The key in ${keyFile} is not that of the certificate in ${certFile}.`,
      "Name the two that belong together; the server's own certificate comes first in its file.",
    );
  try {
    createSecureContext({cert, key});
  } catch (cause) {
    throw wrong(`TLS cannot use ${certFile} with ${keyFile}: ${(cause as Error).message}.`, 'Make them again.', cause);
  }
  return {cert, key};
}

function read(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const {code} = cause as {code?: string};
    if (code === 'ENOENT') throw wrong(`There is no ${what} at ${file}.`, 'Give the path of a PEM file.', cause);
    throw wrong(
      `The ${what} at ${file} cannot be read (${code ?? (cause as Error).message}).`,
      'Let the user of this server read it.',
      cause,
    );
  }
}

function parsed<T>(file: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw wrong(`${file} holds no ${what} in PEM.`, 'Give a PEM file, which begins with -----BEGIN.', cause);
  }
}

const wrong = (message: string, fix: string, cause?: unknown): MillraceError =>
  new MillraceError('USAGE', message, {fix, ...(cause === undefined ? {} : {cause})});
