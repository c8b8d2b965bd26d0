// Distance and direction on the globe, taken as a sphere. Coordinates are degrees; latitudes beyond 90 and longitudes beyond 360 are null.
import {inBoth, onceEach} from '../once.ts';
import {type FunctionSpec, prefixText} from './function-spec.ts';

/** Mean radius of the Earth, (2a + b) / 3 of WGS 84, as the IUGG defines R1. */
export const EARTH_RADIUS_METRES = 6_371_008.8;

const DEGREE = Math.PI / 180;
const POSITIONS = ['number', 'number', 'number', 'number'] as const;

/** Haversine formula (Sinnott, 1984). Near the antipode it is good to some centimetres, else to the last digits. */
function distance(lat1: number, lon1: number, lat2: number, lon2: number): number | null {
  if (!onGlobe(lat1, lon1) || !onGlobe(lat2, lon2)) return null;
  const y = Math.sin(((lat2 - lat1) * DEGREE) / 2);
  const x = Math.sin(((lon2 - lon1) * DEGREE) / 2);
  const h = y * y + Math.cos(lat1 * DEGREE) * Math.cos(lat2 * DEGREE) * x * x;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.sqrt(h < 1 ? h : 1));
}

/** Degrees clockwise from north, 0 to 360, in which the shortest way begins. Null between a place and itself. */
function bearing(lat1: number, lon1: number, lat2: number, lon2: number): number | null {
  if (!onGlobe(lat1, lon1) || !onGlobe(lat2, lon2)) return null;
  if (lat1 === lat2 && lon1 === lon2) return null;
  const turn = (lon2 - lon1) * DEGREE;
  const east = Math.sin(turn) * Math.cos(lat2 * DEGREE);
  const north =
    Math.cos(lat1 * DEGREE) * Math.sin(lat2 * DEGREE) -
    Math.sin(lat1 * DEGREE) * Math.cos(lat2 * DEGREE) * Math.cos(turn);
  const angle = Math.atan2(east, north) / DEGREE;
  return angle < 0 ? angle + 360 : angle;
}

const onGlobe = (lat: number, lon: number): boolean => Math.abs(lat) <= 90 && Math.abs(lon) <= 360;

const radians = (a: string) => `(${a} * ${DEGREE}e0)`;
const checked = (value: (...coordinates: string[]) => string) =>
  inBoth(
    dialect =>
      (...args) =>
        onceEach(dialect, args, (lat1, lon1, lat2, lon2) => {
          const inside = `abs(${lat1}) <= 90e0 AND abs(${lon1}) <= 360e0 AND abs(${lat2}) <= 90e0 AND abs(${lon2}) <= 360e0`;
          return `(CASE WHEN ${inside} THEN ${value(lat1!, lon1!, lat2!, lon2!)} END)`;
        }),
  );

const distanceSql = checked((lat1, lon1, lat2, lon2) => {
  const half = (from: string, to: string) => `pow(sin((${to} - ${from}) * ${DEGREE}e0 / 2e0), 2e0)`;
  const h = `${half(lat1!, lat2!)} + cos(${radians(lat1!)}) * cos(${radians(lat2!)}) * ${half(lon1!, lon2!)}`;
  return `${2 * EARTH_RADIUS_METRES}e0 * asin(sqrt(least(1e0, ${h})))`;
});

const bearingSql = checked((lat1, lon1, lat2, lon2) => {
  const turn = radians(`(${lon2} - ${lon1})`);
  const east = `sin(${turn}) * cos(${radians(lat2!)})`;
  const north = `cos(${radians(lat1!)}) * sin(${radians(lat2!)}) - sin(${radians(lat1!)}) * cos(${radians(lat2!)}) * cos(${turn})`;
  const angle = `(atan2(${east}, ${north}) / ${DEGREE}e0)`;
  const away = `(${lat1} <> ${lat2} OR ${lon1} <> ${lon2})`;
  return `CASE WHEN ${away} AND ${angle} < 0e0 THEN ${angle} + 360e0 WHEN ${away} THEN ${angle} END`;
});

export const GEOGRAPHY = {
  distance: {takes: POSITIONS, result: 'number', js: distance, sql: distanceSql, text: prefixText('metres')},
  bearing: {takes: POSITIONS, result: 'number', js: bearing, sql: bearingSql, text: prefixText('bearing')},
} as const satisfies Record<string, FunctionSpec>;
