/** A choice that this browser remembers. */
import {useCallback, useSyncExternalStore} from 'react';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSetting(name: 'theme' | 'zone' | 'reviewer', initial: string): [string, (value: string) => void] {
  const key = `millrace.${name}`;
  const value = useSyncExternalStore(subscribe, () => localStorage.getItem(key) ?? initial);
  const set = useCallback(
    (next: string) => {
      localStorage.setItem(key, next);
      for (const listener of listeners) listener();
    },
    [key],
  );
  return [value, set];
}
