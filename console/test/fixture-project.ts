/** Fixture: streams and features of an invented run over flights. Not measured; for developing and testing the console. */
import type {CheckStatus, FeatureRecord, FeatureUse, StreamDetail, StreamRecord} from '../../src/protocol/index.ts';

export const MODEL = 'late';
export const DAY = 86_400_000;
export const HOUR = 3_600_000;
/** 2001-04-01, where the replay starts. */
export const START = Date.UTC(2001, 3, 1);
export const DAYS = 91;
export const CLOCK = START + DAYS * DAY + 2 * HOUR;

const key = (name: string) => ({name, type: 'string' as const, nullable: false});

const records: readonly StreamRecord[] = [
  {
    name: 'departures',
    columns: [
      key('flightId'),
      key('origin'),
      key('destination'),
      {name: 'distance', type: 'int', nullable: false},
      {name: 'at', type: 'time', nullable: false},
    ],
    events: 2_998_114,
    duplicates: 0,
    late: 0,
    from: Date.UTC(2001, 0, 1, 5),
    to: CLOCK,
    checks: [
      {check: 'distance > 0', action: 'reject', count: 0, example: null},
      {
        check: 'local time exists in the zone of origin',
        action: 'reject',
        count: 112,
        example: '2001-04-01 02:14 in America/New_York',
      },
      {check: 'origin differs from destination', action: 'warn', count: 3, example: 'ANC → ANC'},
    ],
  },
  {
    name: 'arrivals',
    columns: [
      key('flightId'),
      key('origin'),
      key('destination'),
      {name: 'delay', type: 'number', nullable: true},
      {name: 'at', type: 'time', nullable: false},
    ],
    events: 2_994_870,
    duplicates: 41,
    late: 18,
    from: Date.UTC(2001, 0, 1, 6),
    to: CLOCK,
    checks: [
      {check: 'delay between -60 and 1,000 minutes', action: 'reject', count: 219, example: '-1116'},
      {check: 'delay is not null', action: 'warn', count: 0, example: null},
    ],
  },
];

/** How the checks stand: those of arrivals in every way there is. */
const statusOf = ({name, checks}: StreamRecord): CheckStatus[] => [
  ...checks.map(
    (check): CheckStatus => ({
      ...check,
      ...(check.count > 0 ? {lastAt: CLOCK - 3 * HOUR} : {}),
      stream: name,
      kind: 'range',
      state: name === 'arrivals' && check.count > 0 ? 'violated' : 'ok',
      detail: check.count === 0 ? 'never broken' : `broken ${check.count} times`,
    }),
  ),
  {
    stream: name,
    check: 'fresh within 6h',
    kind: 'fresh',
    action: 'warn',
    count: 0,
    example: null,
    state: 'ok',
    detail: 'the latest event is 0 min old; at most 6 h allowed',
  },
  ...(name === 'arrivals' ? ARRIVALS : []),
];

const ARRIVALS: readonly CheckStatus[] = [
  {
    stream: 'arrivals',
    check: 'time does not go backwards by more than 1h',
    kind: 'time-order',
    action: 'stop',
    count: 2,
    example: '2001-06-30T03:00:00Z after 2001-07-01T05:00:00Z',
    lastAt: CLOCK - HOUR,
    state: 'violated',
    detail: 'broken 2 times',
  },
  {
    stream: 'arrivals',
    check: 'volume per 1h',
    kind: 'volume',
    action: 'warn',
    count: 3,
    example: '12 events in the 1 h from 2001-05-14T04:00:00.000Z',
    lastAt: CLOCK - 40 * DAY,
    state: 'ok',
    detail: '1374 events in the 1 h from 2001-07-01T00:00:00.000Z',
  },
  {
    stream: 'arrivals',
    check: 'nulls in delay at most 5 %',
    kind: 'null-share',
    action: 'warn',
    count: 0,
    example: null,
    state: 'unknown',
    detail: 'no event yet',
  },
];

const FIRST = Date.UTC(2001, 0, 1);

/** 181 days, of which one was lost. */
const partitions: StreamDetail['partitions'] = Array.from({length: 182}, (_, d) => ({
  from: FIRST + d * DAY,
  to: FIRST + (d + 1) * DAY,
  rows: 16_000 + ((d * 7_919) % 1_400) - (d % 7 > 4 ? 3_200 : 0),
})).filter((_, d) => d !== 73);

export const streams: readonly StreamDetail[] = records.map(record => ({
  ...record,
  status: statusOf(record),
  waiting: record.name === 'arrivals' ? 219 : 0,
  partitions,
  retentionMs: record.name === 'arrivals' ? 90 * DAY : null,
  follower:
    record.name === 'arrivals'
      ? {
          stream: 'arrivals',
          state: 'waiting',
          since: CLOCK - HOUR,
          error: {
            code: 'SOURCE_UNAVAILABLE',
            message: 'The PostgreSQL server of ARRIVALS_URL does not answer.',
            fix: null,
          },
          failures: 14,
          caughtUpAt: CLOCK - 2 * HOUR,
          accepted: 12_440,
          duplicates: 41,
          rejected: 3,
          late: 0,
          warning: null,
        }
      : null,
}));

type Sketch = [
  name: string,
  kind: FeatureUse['kind'],
  entity: string | null,
  definition: string,
  window: string | null,
  importance: number,
];

const sketches: readonly Sketch[] = [
  ['origin_late_share_2h', 'numeric', 'origin', 'share of rows with delay > 15 over 2h', '2h', 0.281],
  ['hour', 'numeric', null, 'hour of the query time in the zone of origin', null, 0.172],
  ['destination_late_share_2h', 'numeric', 'destination', 'share of rows with delay > 15 over 2h', '2h', 0.133],
  ['origin_late_share_24h', 'numeric', 'origin', 'share of rows with delay > 15 over 24h', '24h', 0.094],
  ['origin_mean_delay_1h', 'numeric', 'origin', 'mean(delay) over 1h', '1h', 0.071],
  ['distance', 'numeric', null, 'distance of the request, in miles', null, 0.055],
  ['origin', 'categorical', null, 'origin of the request', null, 0.049],
  ['destination', 'categorical', null, 'destination of the request', null, 0.044],
  ['route_mean_delay_24h', 'numeric', 'route', 'mean(delay) over 24h', '24h', 0.038],
  ['weekday', 'categorical', null, 'weekday of the query time in the zone of origin', null, 0.026],
  ['destination_mean_delay_2h', 'numeric', 'destination', 'mean(delay) over 2h', '2h', 0.019],
  ['origin_count_1h', 'numeric', 'origin', 'count() over 1h', '1h', 0.011],
  ['destination_count_2h', 'numeric', 'destination', 'count() over 2h', '2h', 0.007],
  ['route_count_24h', 'numeric', 'route', 'count() over 24h', '24h', 0],
];

export const featureUses: readonly FeatureUse[] = sketches.map(([name, kind, , , , importance]) => ({
  name,
  kind,
  importance,
}));

function wordsOf(
  name: string,
  entity: string | null,
  definition: string,
): Pick<FeatureRecord, 'about' | 'columns' | 'version'> {
  const columns = /\b(delay|distance|origin|destination)\b/.exec(definition)?.slice(0, 1) ?? [];
  return {
    about: {
      description: definition.startsWith('share') ? 'How many flights were more than 15 minutes late.' : '',
      owner: entity === null ? 'booking' : 'operations',
      tags: entity === 'route' ? ['routes'] : entity === null ? [] : ['airports', 'live'],
      sensitivity: name === 'distance' ? 'personal' : 'internal',
    },
    columns: columns.map(column => `${entity === null ? 'request' : 'arrivals'}.${column}`),
    version: entity === 'origin' ? 3 : entity === null ? 2 : 1,
  };
}

export const features: readonly FeatureRecord[] = [
  ...sketches.map(
    ([name, kind, entity, definition, window]): FeatureRecord => ({
      name,
      type: kind === 'categorical' ? 'string' : 'number',
      origin: window === null ? 'request' : 'aggregation',
      view: entity,
      entity,
      source: entity === null ? null : 'arrivals',
      definition,
      window,
      usedBy: [MODEL],
      ...wordsOf(name, entity, definition),
    }),
  ),
  {
    name: 'route_late_share_24h',
    type: 'number',
    origin: 'aggregation',
    view: 'route',
    entity: 'route',
    source: 'arrivals',
    definition: 'share of rows with delay > 15 over 24h',
    window: '24h',
    usedBy: [],
    ...wordsOf('route_late_share_24h', 'route', 'share of rows with delay > 15 over 24h'),
  },
];

export const AIRPORTS = ['ATL', 'ORD', 'DFW', 'LAX', 'PHX', 'DTW', 'IAH', 'MSP', 'DEN', 'STL'] as const;
