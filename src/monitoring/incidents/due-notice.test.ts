import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Incident} from '../../protocol/index.ts';
import {dueNotice, NOTICE_TIMING, type NoticeEvent, type Told} from './due-notice.ts';
import {alertOf, CONTEXT, HOUR, MINUTE} from './incidents.fixture.ts';
import {newIncident} from './new-incident.ts';

const SECOND = 1_000;
const opened: Incident = newIncident({
  id: 'late.1',
  cause: {kind: 'model', name: 'late'},
  alert: alertOf('drift', 'rain'),
  context: CONTEXT,
  now: 0,
});
const page: Incident = {...opened, severity: 'page'};
const usual: Told = {at: 0, event: 'opened', severity: 'ticket', alerts: ['a'], channels: ['log']};
const toldOf = (given: Partial<Told> = {}): Told => ({...usual, ...given});

/** The first second at which a notice is due, with its name; null: not within two days. */
function firstDue(incident: Incident, speaking: readonly string[], told: Told | null): [number, NoticeEvent] | null {
  for (let now = 0; now <= 48 * HOUR; now += SECOND) {
    const event = dueNotice(incident, speaking, told, now);
    if (event) return [now, event];
  }
  return null;
}

describe('a notice is due', () => {
  test.each<[string, Incident, readonly string[], Told | null, [number, NoticeEvent] | null]>([
    ['30 s after an incident opened', opened, ['a'], null, [30 * SECOND, 'opened']],
    ['never where all is inhibited', opened, [], null, null],
    ['never while it is silenced', {...opened, silencedBy: 's'}, ['a'], null, null],
    ['never again for a ticket that stays', opened, ['a'], toldOf(), null],
    ['5 min after the last for a new alert', opened, ['a', 'b'], toldOf({at: MINUTE}), [6 * MINUTE, 'updated']],
    ['not for one that resolved while others stay', opened, ['a'], toldOf({alerts: ['a', 'b']}), null],
    ['30 s after it became a page', {...page, updatedAt: MINUTE}, ['a'], toldOf(), [90 * SECOND, 'updated']],
    ['within 5 min though it changes on', {...page, updatedAt: HOUR}, ['a'], toldOf(), [5 * MINUTE, 'updated']],
    ['every 4 h while a page is open', page, ['a'], toldOf({severity: 'page'}), [4 * HOUR, 'updated']],
    ['not again where nobody was told', page, ['a'], toldOf({severity: 'page', channels: []}), null],
    ['not again once acknowledged', {...page, acknowledgedBy: 'ada'}, ['a'], toldOf({severity: 'page'}), null],
    ['when it is resolved', {...opened, resolvedAt: HOUR}, [], toldOf(), [HOUR + 30 * SECOND, 'resolved']],
    ['never for what resolved before it was told', {...opened, resolvedAt: 9}, [], null, null],
    ['once for the end', {...opened, resolvedAt: 9}, [], toldOf({event: 'resolved'}), null],
    ['5 min after the end if it opens again', opened, ['a'], toldOf({event: 'resolved'}), [5 * MINUTE, 'opened']],
  ])('%s', (_, incident, speaking, told, due) => {
    expect(firstDue(incident, speaking, told)).toEqual(due);
  });
});

test('however it flaps, an incident is told at most 13 times an hour', () => {
  const flaps = fc.array(fc.integer({min: 1, max: 600}), {minLength: 100, maxLength: 300});
  fc.assert(
    fc.property(flaps, fc.boolean(), (waits, becomesPage) => {
      let incident = opened;
      let told: Told | null = null;
      const sent: number[] = [];
      let n = 0;
      let next = 0;
      for (let now = 0; now < 6 * HOUR; now += 5 * SECOND) {
        if (now >= next) {
          const resolvedAt = incident.resolvedAt === null ? now : null;
          const severity = becomesPage && n > 20 ? 'page' : incident.severity;
          incident = {...incident, resolvedAt, severity, updatedAt: now};
          next = now + waits[n++ % waits.length]! * SECOND;
        }
        const speaking = incident.resolvedAt === null ? [`a${n}`] : [];
        const event: NoticeEvent | null = dueNotice(incident, speaking, told, now);
        if (!event) continue;
        told = {at: now, event, severity: incident.severity, alerts: speaking, channels: []};
        sent.push(now);
      }
      for (const from of sent) expect(sent.filter(at => at >= from && at < from + HOUR).length).toBeLessThanOrEqual(13);
      expect(sent.filter((at, i) => i > 0 && at - sent[i - 1]! < NOTICE_TIMING.intervalMs).length).toBeLessThanOrEqual(
        1,
      );
    }),
    {seed: 3, numRuns: 60},
  );
});
