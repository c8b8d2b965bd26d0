// The clock that an American airport lived by in 2001: its IANA time zone, from its state and position.

/** A row of `airports.csv`, as far as the zone depends on it. Degrees, west and south negative. */
export type Airport = {
  readonly iata: string;
  /** Two letters; `NA` where the file does not know it. */
  readonly state: string;
  readonly latitude: number;
  readonly longitude: number;
};

/** Degrees; a bound that is left out does not bound. */
type Bounds = {readonly north?: number; readonly south?: number; readonly east?: number; readonly west?: number};
type Part = Bounds & {readonly zone: string};

const EASTERN = 'America/New_York';
const CENTRAL = 'America/Chicago';
const MOUNTAIN = 'America/Denver';
const PACIFIC = 'America/Los_Angeles';
const BOISE = 'America/Boise';

const WHOLE: Readonly<Record<string, string>> = {
  ...each('CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV', EASTERN),
  ...each('AL AR IA IL LA MN MO MS OK WI', CENTRAL),
  ...each('CO MT NM UT WY', MOUNTAIN),
  ...each('CA NV WA', PACIFIC),
  AZ: 'America/Phoenix', // no daylight saving time
  HI: 'Pacific/Honolulu',
  PR: 'America/Puerto_Rico',
  VI: 'America/St_Thomas',
  GU: 'Pacific/Guam',
  CQ: 'Pacific/Saipan',
  AS: 'Pacific/Pago_Pago',
};

/**
 * States with two clocks: the first part that holds the airport decides. Borders run along counties, so
 * straight lines are right for every airport of the flight data and may be wrong for a small field near one.
 */
const SPLIT: Readonly<Record<string, readonly Part[]>> = {
  AK: [{zone: 'America/Adak', north: 54, east: -169.5}, {zone: 'America/Anchorage'}], // Aleutians west of 169° 30'
  FL: [{zone: CENTRAL, east: -85.1}, {zone: EASTERN}], // the Apalachicola river
  ID: [{zone: PACIFIC, south: 45.5}, {zone: BOISE}], // the Salmon river
  IN: [
    {zone: CENTRAL, south: 41.4, east: -86.5}, // Gary and Michigan City
    {zone: CENTRAL, south: 40.73, east: -86.9},
    {zone: CENTRAL, north: 38.5, east: -87.1}, // Evansville
    {zone: 'America/Kentucky/Louisville', north: 38.6, west: -86.3, east: -85.4}, // the Louisville side
    {zone: 'America/Indiana/Indianapolis'}, // Eastern standard time all year until 2006
  ],
  KS: [{zone: MOUNTAIN, south: 37.75, north: 39.57, east: -101.48}, {zone: CENTRAL}],
  KY: [{zone: CENTRAL, east: -86.1}, {zone: CENTRAL, north: 37.1, east: -85.05}, {zone: EASTERN}],
  MI: [{zone: CENTRAL, north: 46.6, east: -87.45}, {zone: 'America/Detroit'}], // four counties next to Wisconsin
  ND: [{zone: MOUNTAIN, north: 47.5, east: -101}, {zone: CENTRAL}],
  NE: [{zone: MOUNTAIN, east: -101.2}, {zone: CENTRAL}],
  OR: [{zone: BOISE, south: 42.45, north: 44.5, west: -117.8}, {zone: PACIFIC}], // Malheur county
  SD: [{zone: MOUNTAIN, east: -101}, {zone: CENTRAL}],
  TN: [{zone: CENTRAL, east: -85.3}, {zone: EASTERN}],
  TX: [{zone: MOUNTAIN, east: -104.9}, {zone: CENTRAL}], // El Paso and Hudspeth counties
};

/** Airports whose state the file leaves open. */
const STATE: Readonly<Record<string, string>> = {
  CLD: 'CA',
  HHH: 'SC',
  MIB: 'ND',
  MQT: 'MI',
  RCA: 'SD',
  RDR: 'ND',
  SCE: 'PA',
  SKA: 'WA',
  SPN: 'CQ',
};

/** Airports that the lines above would put on the wrong side. */
const EXCEPTION: Readonly<Record<string, string>> = {
  '2A1': CENTRAL, // Jamestown, Tennessee
  CSV: CENTRAL, // Crossville, Tennessee
  MTM: 'America/Metlakatla', // Pacific standard time all year, inside Alaska
};

/** The IANA zone of an airport in 2001, or `undefined` outside the United States and its territories. */
export function airportZone(airport: Airport): string | undefined {
  const {iata, latitude} = airport;
  const state = STATE[iata] ?? airport.state;
  // The Aleutians cross the date line: 174° east is 186° west.
  const longitude = state === 'AK' && airport.longitude > 0 ? airport.longitude - 360 : airport.longitude;
  const part = SPLIT[state]?.find(
    ({north = 90, south = -90, east = 180, west = -360}) =>
      latitude <= north && latitude >= south && longitude <= east && longitude >= west,
  );
  return EXCEPTION[iata] ?? part?.zone ?? WHOLE[state];
}

function each(states: string, zone: string): Record<string, string> {
  return Object.fromEntries(states.split(' ').map(state => [state, zone]));
}
