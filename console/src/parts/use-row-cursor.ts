/** Moves the focus over the rows of a table, one step for each `move-row` event that its box receives. */
import {type RefObject, useEffect} from 'react';

export function useRowCursor(count: number, rowHeight: number, box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const rowAt = (index: number) => element.querySelector<HTMLElement>(`tr[data-index="${index}"]`);
    const onMove = (event: Event) => {
      const by = (event as CustomEvent<1 | -1>).detail;
      const focused = document.activeElement?.closest('tr[data-index]');
      const from =
        focused && element.contains(focused) ? Number(focused.getAttribute('data-index')) : by > 0 ? -1 : count;
      const next = Math.max(0, Math.min(count - 1, from + by));
      if (rowAt(next) === null) {
        // Not drawn yet: scroll there first, and focus it once it is.
        element.scrollTop = next * rowHeight;
        requestAnimationFrame(() => requestAnimationFrame(() => rowAt(next)?.focus()));
      } else {
        rowAt(next)?.focus({preventScroll: true});
        rowAt(next)?.scrollIntoView({block: 'nearest'});
      }
    };
    element.addEventListener('move-row', onMove);
    return () => element.removeEventListener('move-row', onMove);
  }, [count, rowHeight, box]);
}
