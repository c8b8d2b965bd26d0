/** The stretch of time that all charts and tables of windows show, kept in the address. */
import {useCallback} from 'react';
import {useSearchParams} from 'wouter';
import {useOverview} from '../data/queries.ts';

export type Range = {readonly from: number; readonly to: number};

const DAY = 86_400_000;
export const RANGES: Readonly<Record<string, {title: string; days: number}>> = {
  '1d': {title: 'Last day', days: 1},
  '7d': {title: 'Last 7 days', days: 7},
  '30d': {title: 'Last 30 days', days: 30},
};

/** `choice` is a key of RANGES, `all`, or `brushed` for a stretch taken from a chart. */
export function useRange(): {
  range: Range | null;
  choice: string;
  choose(key: string): void;
  brush(range: Range | null): void;
} {
  const [params, setParams] = useSearchParams();
  const clock = useOverview().data?.clock ?? null;
  const write = useCallback(
    (entries: Record<string, string>) =>
      setParams(old => {
        const next = new URLSearchParams(old);
        for (const name of ['range', 'from', 'to']) next.delete(name);
        for (const [name, value] of Object.entries(entries)) next.set(name, value);
        return next;
      }),
    [setParams],
  );
  const choose = useCallback((key: string) => write(key === 'all' ? {} : {range: key}), [write]);
  const brush = useCallback(
    (range: Range | null) =>
      write(range === null ? {} : {from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString()}),
    [write],
  );

  const from = Date.parse(params.get('from') ?? '');
  const to = Date.parse(params.get('to') ?? '');
  if (to > from) return {range: {from, to}, choice: 'brushed', choose, brush};
  const named = params.get('range') ?? '';
  const days = RANGES[named]?.days;
  if (days !== undefined && clock !== null)
    return {range: {from: clock - days * DAY, to: clock}, choice: named, choose, brush};
  return {range: null, choice: 'all', choose, brush};
}

/** Those that overlap the range. */
export function within<T extends Range>(rows: readonly T[], range: Range | null): readonly T[] {
  return range === null ? rows : rows.filter(row => row.to > range.from && row.from < range.to);
}
