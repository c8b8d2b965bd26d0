/** Fixture: invented values of features, each with the events behind it. */
import {
  type FeatureReadRequest,
  type FeatureRecord,
  type FeatureRows,
  type FeatureSetUse,
  MillraceError,
  type WhyAnswer,
  type WhyRequest,
} from '../../src/protocol/index.ts';
import {CLOCK, features, HOUR, MODEL} from './fixture-project.ts';

const SET = 'atDeparture';
const KEYS = ['origin', 'destination'];
const EVENTS = 40;

/** What a derived feature is computed from, beside the request. */
export const derivedFrom: Readonly<Record<string, readonly string[]>> = {weekday: ['hour']};

/** Where a feature is read: by an airport or two, and by the distance where it counts. */
export function setsOf({name, entity}: FeatureRecord): readonly FeatureSetUse[] {
  const decisive = entity === 'route' ? KEYS : [KEYS.find(key => key === entity || key === name) ?? 'origin'];
  const keys = KEYS.map(key => ({
    name: key,
    type: 'string' as const,
    entity: key,
    decides: name !== 'distance' && decisive.includes(key),
  }));
  const distance = {name: 'distance', type: 'int' as const, entity: null, decides: true};
  const fields = name === 'distance' ? [distance, ...keys] : keys.toSorted((a, b) => +b.decides - +a.decides);
  const landing = [{name: 'airport', type: 'string' as const, entity: 'destination', decides: true}];
  const first = {set: SET, models: [MODEL], fields};
  return entity === 'destination' ? [first, {set: 'atLanding', models: [], fields: landing}] : [first];
}

export function readOf({features: asked = []}: FeatureReadRequest): FeatureRows {
  const [feature] = asked.map(featureOf);
  const fresh = {view: feature?.view ?? '', features: asked, latestEvent: [CLOCK - 180_000], behind: 0};
  return {
    set: SET,
    at: CLOCK,
    features: asked,
    values: [[feature?.window ? 11 / EVENTS : 606]],
    freshness: feature?.window ? [fresh] : [],
  };
}

/** Of a day only the newest are listed. One event in four was more than 15 minutes late; one in ten told no delay. */
export function whyOf({feature: name, entity}: WhyRequest): WhyAnswer {
  const feature = featureOf(name);
  const base = {feature: name, definition: feature.definition, at: CLOCK};
  if (feature.window === null) {
    const inputs = Object.entries(entity).map(([field, value]) => ({name: field, value: value as string | number}));
    const from = (derivedFrom[name] ?? []).map(input => ({name: input, value: 14}));
    return {...base, value: 606, window: null, inputs: [...from, ...inputs]};
  }
  const from = CLOCK - Number.parseInt(feature.window, 10) * HOUR;
  const events = Array.from({length: EVENTS}, (_, i) => {
    const time = CLOCK - 180_000 - Math.floor(((CLOCK - 240_000 - from) * i ** 1.4) / EVENTS ** 1.4);
    const input = i % 10 === 3 ? null : i % 4 === 0 ? 1 : 0;
    return {id: `UA-${900 - i}`, time, arrival: time + 12_000 + i * 700, position: 5_991_990 - i * 3, input};
  });
  const window = {
    view: feature.view ?? '',
    source: 'arrivals',
    from,
    to: CLOCK,
    count: feature.window === '24h' ? 4_312 : EVENTS,
    events,
  };
  return {...base, value: 11 / EVENTS, window, inputs: null};
}

function featureOf(name: string): FeatureRecord {
  const found = features.find(feature => feature.name === name);
  if (found) return found;
  throw new MillraceError('FEATURE_UNKNOWN', `There is no feature '${name}'.`, {
    fix: 'See them all: millrace features.',
  });
}
