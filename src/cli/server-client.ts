import {createClient, type MillraceClient} from '../client/index.ts';

/** A client of the server at this address, with the key that the environment variable MILLRACE_KEY holds. */
export function serverClient(url: string, {MILLRACE_KEY: key} = process.env): MillraceClient {
  return createClient({url, ...(key === undefined ? {} : {key})});
}
