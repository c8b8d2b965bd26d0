import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {type Columns, ManualClock, type PositionedBatch, t} from '../../protocol/index.ts';
import type {EventLog} from '../../stores/index.ts';
import {openSegmentLog} from '../../stores/segments/index.ts';
import {inRange, matches, oneOf} from '../checks/check.ts';
import {FileQuarantine} from '../quarantine/file-quarantine.ts';
import type {QuarantinedRow} from '../quarantine/quarantine.ts';
import {events} from '../source.ts';
import {EventGate} from './gate.ts';

const NOON = Date.UTC(2024, 4, 1, 12);
const HOUR = 3_600_000;

const payments = events('payments', {
  schema: {
    id: t.string,
    at: t.time,
    amount: t.number,
    items: t.int.orNull(),
    card: t.bool.orNull(),
    country: t.string.orNull(),
  },
  time: 'at',
  id: 'id',
  delay: '10m',
  lateness: '1h',
  checks: [inRange('amount', {min: 0}), oneOf('country', ['GR', 'DE'], 'warn'), matches('id', '[a-z0-9]+')],
});
const stamped = events('stamped', {
  schema: {id: t.string, at: t.time, seen: t.time},
  time: 'at',
  id: 'id',
  arrival: 'seen',
});
const sources = [payments, stamped];

let folder = '';
let log: EventLog;
let quarantine: FileQuarantine;
let clock: ManualClock;
let gate: EventGate;

async function open(): Promise<void> {
  log = await openSegmentLog(join(folder, 'log'));
  quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
  gate = await EventGate.open({log, sources, clock, quarantine});
}

async function shut(): Promise<void> {
  await gate.close();
  await log.close();
  await quarantine.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-gate-'));
  clock = new ManualClock(NOON);
  await open();
});
afterEach(async () => {
  await shut();
  rmSync(folder, {recursive: true, force: true});
});

const payment = (id: string, more: object = {}) => ({id, at: NOON - 1_000, amount: 5, ...more});

/** The same payments as columns; `null` stands for every absent cell. */
function paymentColumns(rows: {id: string; at?: number; amount?: number; country?: string}[]): Columns {
  return {
    count: rows.length,
    columns: {
      id: rows.map(row => row.id),
      at: Float64Array.from(rows, row => row.at ?? NOON - 1_000),
      amount: Float64Array.from(rows, row => row.amount ?? 5),
      items: new Float64Array(rows.length).fill(Number.NaN),
      card: new Float64Array(rows.length).fill(Number.NaN),
      country: rows.map(row => row.country ?? null),
    },
  };
}

async function logged(stream = 'payments'): Promise<{id: string; time: number; arrival: number}[]> {
  const found = [];
  for await (const {ids, eventTimes, arrivalTimes, count} of log.read({stream}))
    for (let i = 0; i < count; i++) found.push({id: ids[i]!, time: eventTimes[i]!, arrival: arrivalTimes[i]!});
  return found;
}

async function batches(): Promise<PositionedBatch[]> {
  const found = [];
  for await (const batch of log.read()) found.push(batch);
  return found;
}

async function quarantined(): Promise<QuarantinedRow[]> {
  const found = [];
  for await (const row of quarantine.read()) found.push(row);
  return found;
}

test('a live event gets into the log, stamped with the time of the clock', async () => {
  const answer = await gate.push('payments', [
    payment('a', {at: '2024-05-01T11:59:00Z', items: 2, card: true, country: 'GR'}),
  ]);
  expect(answer).toEqual({accepted: 1, duplicates: 0, rejected: [], position: 1});
  const [batch] = await batches();
  expect(batch).toMatchObject({stream: 'payments', ids: ['a'], position: 0});
  expect(batch!.columns).toEqual({
    id: ['a'],
    at: Float64Array.of(NOON - 60_000),
    amount: Float64Array.of(5),
    items: Float64Array.of(2),
    card: Float64Array.of(1),
    country: ['GR'],
  });
  expect([...batch!.arrivalTimes]).toEqual([NOON]);
});

test.each([
  ['no object', 5, 'type', 'An event is an object with the columns id, at, amount, items, card, country; got 5.'],
  ['a list', [1], 'type', 'An event is an object with the columns id, at, amount, items, card, country; got 1.'],
  [
    'an unknown column',
    payment('a', {amout: 1}),
    'unknown column',
    '"amout" is no column of \'payments\'; it has id, at, amount, items, card, country.',
  ],
  ['a missing column', {id: 'a', at: NOON}, 'missing column', 'amount is missing; it must be a finite number.'],
  ['a null', payment('a', {amount: null}), 'null', 'amount is null, and the schema says it never is.'],
  ['text for a number', payment('a', {amount: '5'}), 'type', 'amount must be a finite number; got "5".'],
  [
    'a fraction for an int',
    payment('a', {items: 1.5}),
    'type',
    'items must be an integer of at most 2^53 - 1; got 1.5.',
  ],
  [
    'an int above 2^53',
    payment('a', {items: 2 ** 53}),
    'type',
    'items must be an integer of at most 2^53 - 1; got 9007199254740992.',
  ],
  ['1 for a bool', payment('a', {card: 1}), 'type', 'card must be true or false; got 1.'],
  [
    'a local time',
    payment('a', {at: '2024-05-01T12:00'}),
    'type',
    'at must be a time: ISO 8601 with a zone (2024-05-01T12:00:00Z) or epoch milliseconds; got "2024-05-01T12:00".',
  ],
  ['a number for text', payment('a', {country: 30}), 'type', 'country must be a string; got 30.'],
  ['half a character', payment('a', {country: '\ud800'}), 'type', 'country must be a string; got "\\ud800".'],
  ['an empty id', payment(''), 'id', "id is the event's id and must not be empty."],
  ['a value outside its range', payment('a', {amount: -1}), 'amount at least 0', 'amount at least 0; got -1.'],
  ['a text that does not match', payment('A!'), 'id matches [a-z0-9]+', 'id matches [a-z0-9]+; got "A!".'],
  [
    'an inherited field',
    Object.create(payment('a')) as object,
    'missing column',
    'id is missing; it must be a string.',
  ],
])('%s is rejected with its index, check and reason, and kept in quarantine', async (_, row, check, message) => {
  const answer = await gate.push('payments', [payment('good'), row, payment('fine')]);
  expect(answer).toMatchObject({accepted: 2, duplicates: 0, rejected: [{index: 1, check, message}]});
  const [kept, ...none] = await quarantined();
  expect(none).toEqual([]);
  expect(kept).toMatchObject({stream: 'payments', at: NOON, check, message});
  expect(kept!.row).toEqual(JSON.parse(JSON.stringify(row)));
  expect(gate.report('payments').checks.filter(c => c.count > 0)).toMatchObject([{check, action: 'reject', count: 1}]);
});

test('what JSON has no number for is kept in quarantine as text', async () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  await gate.push('payments', [payment('a', {amount: Infinity}), payment('b', {amount: 7n}), cycle]);
  expect((await quarantined()).map(({row}) => row)).toEqual([
    payment('a', {amount: 'Infinity'}),
    payment('b', {amount: '7'}),
    '[object Object]',
  ]);
});

test('a row is counted under the first check that it breaks', async () => {
  await gate.push('payments', [payment('A!', {amount: -1})]);
  expect(gate.report('payments').checks).toEqual([
    {check: 'amount at least 0', action: 'reject', count: 1, example: '-1', lastAt: NOON},
    {check: 'country one of GR, DE', action: 'warn', count: 0, example: null},
    {check: 'id matches [a-z0-9]+', action: 'reject', count: 0, example: null},
  ]);
});

test('a warning lets the event in, counts it and keeps the first example', async () => {
  const answer = await gate.push('payments', [
    payment('a', {country: 'XX'}),
    payment('b', {country: 'YY'}),
    payment('c'),
  ]);
  expect(answer).toMatchObject({accepted: 3, rejected: []});
  expect(gate.report('payments').checks[1]).toEqual({
    check: 'country one of GR, DE',
    action: 'warn',
    count: 2,
    example: '"XX"',
    lastAt: NOON,
  });
});

test('the same id counts once, within a push and between pushes; the first position wins', async () => {
  expect(await gate.push('payments', [payment('a', {amount: 1}), payment('a', {amount: 2})])).toMatchObject({
    accepted: 1,
    duplicates: 1,
  });
  expect(await gate.push('payments', [payment('a', {amount: 3}), payment('b')])).toMatchObject({
    accepted: 1,
    duplicates: 1,
    position: 2,
  });
  const {accepted, duplicates, batch} = await gate.pushColumns('payments', paymentColumns([{id: 'b'}, {id: 'c'}]), {
    arrival: 'live',
  });
  expect({accepted, duplicates, ids: batch!.ids, position: batch!.position}).toEqual({
    accepted: 1,
    duplicates: 1,
    ids: ['c'],
    position: 2,
  });
  const [first] = await batches();
  expect(first!.columns.amount![0]).toBe(1);
  expect(gate.report('payments')).toMatchObject({events: 3, duplicates: 3});
});

test('streams do not share their ids', async () => {
  await gate.push('payments', [payment('a')]);
  expect(await gate.push('stamped', [{id: 'a', at: NOON, seen: NOON}])).toMatchObject({accepted: 1, duplicates: 0});
});

test('a rejected event does not use up its id', async () => {
  await gate.push('payments', [payment('a', {amount: -1})]);
  expect(await gate.push('payments', [payment('a')])).toMatchObject({accepted: 1, duplicates: 0});
});

test('a duplicate of an event that is on its way is answered once that is durable', async () => {
  const answers = await Promise.all([gate.push('payments', [payment('a')]), gate.push('payments', [payment('a')])]);
  expect(answers).toMatchObject([
    {accepted: 1, duplicates: 0, position: 1},
    {accepted: 0, duplicates: 1, position: 1},
  ]);
});

test('an id is forgotten when arrival time has moved on far enough', async () => {
  await gate.push('payments', [payment('a')]);
  clock.advanceTo(NOON + 23 * HOUR);
  expect(await gate.push('payments', [payment('a')])).toMatchObject({duplicates: 1});
  for (const hours of [25, 49, 73]) {
    clock.advanceTo(NOON + hours * HOUR);
    await gate.push('payments', [payment(`t${hours}`)]);
  }
  expect(await gate.push('payments', [payment('a')])).toMatchObject({accepted: 1});
});

test('an event far in the future does not make the gate forget', async () => {
  await gate.push('payments', [payment('a')]);
  await gate.push('payments', [payment('b', {at: '2199-01-01T00:00:00Z'})]);
  expect(await gate.push('payments', [payment('a'), payment('b')])).toMatchObject({duplicates: 2});
});

test('a late event is kept and counted', async () => {
  const {late, accepted} = await gate.pushColumns(
    'payments',
    paymentColumns([
      {id: 'a', at: NOON - HOUR},
      {id: 'b', at: NOON - HOUR - 1},
    ]),
    {arrival: 'live'},
  );
  expect({late, accepted}).toEqual({late: 1, accepted: 2});
  expect(gate.report('payments')).toMatchObject({events: 2, late: 1, from: NOON - HOUR - 1, to: NOON - HOUR});
});

test('history arrives at its event time plus the declared delay, whatever the clock says', async () => {
  await gate.pushColumns('payments', paymentColumns([{id: 'a', at: 1_000}]), {arrival: 'history'});
  expect(await logged()).toEqual([{id: 'a', time: 1_000, arrival: 601_000}]);
  expect(gate.report('payments').late).toBe(0);
});

test('a column for the arrival is believed in history; live nothing has arrived before it is pushed', async () => {
  const now = clock.now();
  await gate.push('stamped', [
    {id: 'a', at: 1_000, seen: 2_000},
    {id: 'c', at: now, seen: now + 5},
  ]);
  const columns = {id: ['b'], at: Float64Array.of(3_000), seen: Float64Array.of(4_000)};
  await gate.pushColumns('stamped', {count: 1, columns}, {arrival: 'history'});
  expect(await logged('stamped')).toEqual([
    {id: 'a', time: 1_000, arrival: now},
    {id: 'c', time: now, arrival: now + 5},
    {id: 'b', time: 3_000, arrival: 4_000},
  ]);
});

test('columns that are refused are quarantined as rows, and the rest comes back with its positions', async () => {
  await gate.push('payments', [payment('before')]);
  const {batch, ...counts} = await gate.pushColumns(
    'payments',
    paymentColumns([{id: 'a', amount: -1}, {id: 'b', country: 'GR'}, {id: 'c', amount: Infinity}, {id: 'd'}]),
    {arrival: 'live', unreadable: [{check: 'type', message: 'no number', example: 'x', row: {amount: 'x'}}]},
  );
  expect(counts).toEqual({accepted: 2, duplicates: 0, rejected: 3, late: 0});
  expect(batch).toMatchObject({position: 1, count: 2, ids: ['b', 'd'], columns: {country: ['GR', null]}});
  const at = new Date(NOON - 1_000).toISOString();
  const rest = {items: null, card: null, country: null};
  expect((await quarantined()).map(({check, row}) => ({check, row}))).toEqual([
    {check: 'type', row: {amount: 'x'}},
    {check: 'amount at least 0', row: {id: 'a', at, amount: -1, ...rest}},
    {check: 'type', row: {id: 'c', at, amount: 'Infinity', ...rest}},
  ]);
});

test('a push of which nothing gets in appends nothing', async () => {
  const {batch} = await gate.pushColumns('payments', paymentColumns([{id: 'a', amount: -1}]), {arrival: 'live'});
  expect(batch).toBeNull();
  expect(await gate.push('payments', [])).toEqual({accepted: 0, duplicates: 0, rejected: [], position: 0});
  expect(log.end()).toBe(0);
});

test('columns that do not fit the schema are refused as a whole, with every problem', async () => {
  const {columns} = paymentColumns([{id: 'a'}]);
  const {items: _, ...rest} = columns;
  const wrong = {count: 1, columns: {...rest, amount: ['5'], country: [], extra: ['x']}};
  await expect(gate.pushColumns('payments', wrong, {arrival: 'live'})).rejects.toMatchObject({
    code: 'SOURCE_SCHEMA',
    problems: [
      {message: "Column 'amount' must be a Float64Array."},
      {message: "Column 'items' is missing."},
      {message: "Column 'country' has 0 rows; the batch has 1."},
      {message: "Column 'extra' is not in the schema."},
    ],
  });
});

test('an unknown stream is an error that names a near one', async () => {
  await expect(gate.push('payment', [])).rejects.toMatchObject({code: 'STREAM_UNKNOWN', fix: 'Did you mean payments?'});
});

test('two sources of one name are refused', async () => {
  const options = {log, clock, quarantine, sources: [payments, payments]};
  await expect(EventGate.open(options)).rejects.toMatchObject({code: 'DEFINITION_INVALID'});
});

test('when the log fails, every push that depended on it fails, and the ids are free again', async () => {
  await log.close();
  const pushes = [gate.push('payments', [payment('a')]), gate.push('payments', [payment('a')])];
  for (const {status} of await Promise.allSettled(pushes)) expect(status).toBe('rejected');
  expect(gate.report('payments')).toMatchObject({events: 0, duplicates: 0});
  await expect(gate.push('payments', [payment('a')])).rejects.toMatchObject({code: 'STORE_CLOSED'});
  await quarantine.close();
  await open();
  expect(await gate.push('payments', [payment('a')])).toMatchObject({accepted: 1, duplicates: 0});
});

test('a gate that is opened again knows ids, counts and rejections from the log and the quarantine', async () => {
  await gate.push('payments', [payment('a'), payment('b', {at: 0}), payment('bad', {amount: -1})]);
  const before = gate.report('payments');
  await shut();
  await open();
  expect(gate.report('payments')).toEqual(before);
  expect(await gate.push('payments', [payment('a'), payment('b'), payment('c')])).toMatchObject({
    accepted: 1,
    duplicates: 2,
  });
});
