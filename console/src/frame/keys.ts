/** One listener for all keys of the console. Keys typed into a field stay there. */
import {useEffect} from 'react';
import {useLocation} from 'wouter';
import {PLACES} from './places.tsx';
import {useCarried} from './url-state.ts';

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The table that j and k move in: the one that has the focus, else the first on the page. */
function moveRow(by: 1 | -1): boolean {
  const tables = [...document.querySelectorAll<HTMLElement>('[data-rows]')];
  const table = tables.find(candidate => candidate.contains(document.activeElement)) ?? tables[0];
  table?.dispatchEvent(new CustomEvent<1 | -1>('move-row', {detail: by}));
  return table !== undefined;
}

export function useKeys(open: {search(): void; help(): void}): void {
  const [, navigate] = useLocation();
  const carried = useCarried();
  useEffect(() => {
    let going = false;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open.search();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (document.querySelector('dialog[open]')) return;
      const place = going ? PLACES.find(candidate => candidate.key === event.key) : undefined;
      going = event.key === 'g';
      if (place) navigate(carried(place.path));
      else if (event.key === '/') open.search();
      else if (event.key === '?') open.help();
      else if (!((event.key === 'j' && moveRow(1)) || (event.key === 'k' && moveRow(-1)))) return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [open, navigate, carried]);
}
