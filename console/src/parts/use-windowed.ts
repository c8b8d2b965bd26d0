/** Which rows of a long table to draw: those in view and a few around them. */
import {useState} from 'react';

const AROUND = 12;
const VIEW = 560;

export type Windowed = {readonly first: number; readonly last: number; onScroll(scrollTop: number): void};

/** Below `threshold` rows all of them are drawn. Rows must have the same height. */
export function useWindowed(count: number, rowHeight: number, threshold: number): Windowed {
  const [top, setTop] = useState(0);
  if (count <= threshold) return {first: 0, last: count, onScroll: () => undefined};
  const first = Math.max(0, Math.floor(top / rowHeight) - AROUND);
  return {
    first,
    last: Math.min(count, first + Math.ceil(VIEW / rowHeight) + 2 * AROUND),
    // Steps of a few rows, so that scrolling draws seldom.
    onScroll: scrollTop => setTop(Math.floor(scrollTop / (rowHeight * 4)) * rowHeight * 4),
  };
}
