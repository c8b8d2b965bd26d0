/** The key that this tab sends, if the server asks for one. It lives as long as the tab, and goes nowhere else. */
import {ClientError} from 'millrace/client';
import {useSyncExternalStore} from 'react';

const NAME = 'millrace.key';

/** `refused`: why the server wants another key; null while all is well. */
export type Session = {readonly key: string | null; readonly refused: string | null};

let session: Session = {key: sessionStorage.getItem(NAME), refused: null};
const listeners = new Set<() => void>();

function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

export const sessionKey = (): string | null => session.key;

export function signIn(key: string): void {
  sessionStorage.setItem(NAME, key);
  change({key, refused: null});
}

export function signOut(): void {
  sessionStorage.removeItem(NAME);
  change({key: null, refused: 'You have signed out.'});
}

/** Asks for a key if that is what a request failed for. */
export function noteRefusal(error: Error | null): void {
  if (error instanceof ClientError && error.code === 'UNAUTHENTICATED' && session.refused === null)
    change({key: session.key, refused: error.message});
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSession = (): Session => useSyncExternalStore(subscribe, () => session);
