/** Fixture: streams and features of an invented run over flights. Not measured; for developing and testing the console. */
import type {FeatureRecord, FeatureUse, StreamRecord} from '../../src/protocol/index.ts';

export const MODEL = 'late';
export const DAY = 86_400_000;
export const HOUR = 3_600_000;
/** 2001-04-01, where the replay starts. */
export const START = Date.UTC(2001, 3, 1);
export const DAYS = 91;
export const CLOCK = START + DAYS * DAY + 2 * HOUR;

const key = (name: string) => ({name, type: 'string' as const, nullable: false});

export const streams: readonly StreamRecord[] = [
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
