/** Fixture: invented rows in quarantine. */
import type {QuarantinePage, QuarantineReplay, QuarantineRow} from '../../src/protocol/index.ts';
import {CLOCK, HOUR} from './fixture-project.ts';

const DELAY = 'delay between -60 and 1,000 minutes';

const rows: readonly QuarantineRow[] = Array.from({length: 12}, (_, i) => ({
  offset: i * 212,
  stream: 'arrivals',
  at: CLOCK - (40 - i) * HOUR,
  check: i % 4 === 3 ? 'missing column' : DELAY,
  message: i % 4 === 3 ? "Column 'origin' is missing." : `delay is ${-1116 + i}; it must be at least -60.`,
  text: JSON.stringify({
    flightId: `AA${100 + i}`,
    ...(i % 4 === 3 ? {} : {origin: 'JFK'}),
    destination: 'LAX',
    delay: -1116 + i,
  }),
}));

export function quarantineOf(stream: string): QuarantinePage {
  if (stream !== 'arrivals') return {stream, waiting: 0, reasons: [], rows: []};
  const reasons = [
    {check: DELAY, count: 215},
    {check: 'missing column', count: 4},
  ];
  return {stream, waiting: 219, reasons, rows};
}

export const replayOf = (stream: string): QuarantineReplay =>
  stream === 'arrivals'
    ? {accepted: 4, duplicates: 1, refused: 214, left: 0}
    : {accepted: 0, duplicates: 0, refused: 0, left: 0};
