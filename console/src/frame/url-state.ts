/** What a view shows stands in its address, so that back works and a link can be passed on. */
import {useCallback} from 'react';
import {useSearchParams} from 'wouter';

/** One parameter of the address; null removes it. */
export function useParam(name: string): [string | null, (value: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (value: string | null) =>
      setParams(old => {
        const next = new URLSearchParams(old);
        if (value === null || value === '') next.delete(name);
        else next.set(name, value);
        return next;
      }),
    [name, setParams],
  );
  return [params.get(name), set];
}

/** The parameters that follow from page to page. */
const CARRIED = ['range', 'from', 'to', 'model'];

export function useCarried(): (path: string) => string {
  const [params] = useSearchParams();
  return path => {
    const [address = path, section] = path.split('#');
    const [place = address, own] = address.split('?');
    const next = new URLSearchParams(own);
    for (const name of CARRIED) {
      const value = params.get(name);
      if (value !== null && !next.has(name)) next.set(name, value);
    }
    const text = next.toString();
    return `${place}${text === '' ? '' : `?${text}`}${section === undefined ? '' : `#${section}`}`;
  };
}
