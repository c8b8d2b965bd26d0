/** Times are absolute and name their zone; relative only on hover. */
import {formatDuration} from 'millrace/protocol';
import {useMemo} from 'react';
import {useSetting} from '../frame/setting.ts';

export type Times = {
  readonly zone: string;
  /** What is printed beside a time: `UTC`, or the zone of the browser. */
  readonly zoneName: string;
  /** `12 Apr 2001` */
  day(ms: number | null): string;
  /** `12 Apr` */
  short(ms: number | null): string;
  /** `12 Apr 2001, 06:00` */
  minute(ms: number | null): string;
  /** `12 Apr 06:00:05` */
  second(ms: number | null): string;
};

const BROWSER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function useTimes(): Times {
  const [setting] = useSetting('zone', 'UTC');
  return useMemo(() => timesIn(setting === 'local' ? BROWSER_ZONE : 'UTC'), [setting]);
}

export function timesIn(zone: string): Times {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat('en-GB', {timeZone: zone, ...options});
    return (ms: number | null) => (ms === null ? '–' : formatter.format(ms));
  };
  const clock = {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'} as const;
  return {
    zone,
    zoneName: zone === 'UTC' ? 'UTC' : zone.replaceAll('_', ' '),
    day: format({day: 'numeric', month: 'short', year: 'numeric'}),
    short: format({day: 'numeric', month: 'short'}),
    minute: format({day: 'numeric', month: 'short', year: 'numeric', ...clock}),
    second: format({day: 'numeric', month: 'short', ...clock, second: '2-digit'}),
  };
}

/** The project's clock stands at 0 until the first event moves it; that is no time to show. */
export const started = (clock: number | null | undefined): number | null => clock || null;

/** `2 d 4 h before` a moment, for hover texts. */
export function relative(ms: number, now: number): string {
  const gap = now - ms;
  return gap >= 0
    ? `${formatDuration(gap)} before the project's clock`
    : `${formatDuration(-gap)} ahead of the project's clock`;
}
