import type {WindowSpec} from './window.ts';

/** The events of a window, of all those before `q` in order of (time, id): the plain meaning, for tests and for people who ask why. */
export function windowRows<E extends {readonly time: number}>(
  events: readonly E[],
  window: WindowSpec,
  q: number,
): E[] {
  const floor = (time: number, hop: number) => Math.floor(time / hop) * hop;
  const between = (from: number, to: number) => events.filter(e => e.time >= from && e.time < to);
  switch (window.kind) {
    case 'sliding':
      return between(q - window.ms, q);
    case 'coarse':
      return between(floor(q - window.ms, window.hopMs), q);
    case 'hopping':
      return between(floor(q - window.ms, window.hopMs), floor(q, window.hopMs));
    case 'lifetime':
      return [...events];
    case 'rows':
      return events.slice(-window.count);
    case 'session': {
      const run: E[] = [];
      let next = q;
      for (const event of events.toReversed()) {
        if (next - event.time >= window.gapMs) break;
        run.unshift(event);
        next = event.time;
      }
      return run;
    }
  }
}
