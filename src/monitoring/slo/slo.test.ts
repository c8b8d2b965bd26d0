import {describe, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import type {Alert} from '../../protocol/index.ts';
import {monitorPolicy} from '../policy/monitor-policy.ts';
import {BURN_RULES, burnRate, burnState, chanceOf, rulesFor} from './burn-rate.ts';
import {EventCounts} from './event-counts.ts';
import {judgeSlo} from './judge-slo.ts';
import {slo} from './objective.ts';
import {sloStatus} from './slo-status.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2024, 0, 1);
const answers = slo('answers', {of: 'availability', target: 0.999});

/** A model's traffic and the alerts that it brought, judged at the end of every minute. */
class Traffic {
  readonly counts = new EventCounts(answers.windowMs);
  readonly told: string[] = [];
  open: Alert[] = [];
  now = START;

  run(minutes: number, perMinute: number, badShare: number): this {
    for (let m = 0; m < minutes; m++) {
      const bad = Math.round(perMinute * badShare);
      this.counts.add(this.now / MINUTE, perMinute - bad, perMinute);
      this.judge();
      this.now += MINUTE;
    }
    return this;
  }

  judge(): void {
    const at = this.now + MINUTE - 1;
    const {opened, resolved} = judgeSlo({
      model: 'lateness',
      objective: answers,
      counts: this.counts,
      hysteresis: 0.25,
      open: this.open,
      at,
    });
    for (const {severity} of opened) this.told.push(`${severity} opened`);
    for (const {severity} of resolved) this.told.push(`${severity} resolved`);
    const gone = new Set(resolved.map(({id}) => id));
    this.open = [...this.open.filter(({id}) => !gone.has(id)), ...opened];
  }
}

describe('EventCounts', () => {
  test('sums as a list of all requests does, also of those that come late or after a silence', () => {
    const random = seededRandom(7);
    const counts = new EventCounts(2 * HOUR);
    const all: {at: number; good: boolean}[] = [];
    let now = START;
    for (let i = 0; i < 5_000; i++) {
      now += random() < 0.002 ? random() * 5 * HOUR : random() * 20_000;
      const event = {at: now - random() * 10 * MINUTE, good: random() < 0.9};
      all.push(event);
      counts.note(event.good, event.at);
      if (i % 50 !== 0) continue;
      for (const ms of [5 * MINUTE, HOUR, 2 * HOUR]) {
        const from = (Math.floor(now / MINUTE) + 1) * MINUTE - ms;
        const within = all.filter(({at}) => at >= from && at <= now);
        const bad = within.find(({good}) => !good);
        expect(counts.over(ms, now)).toEqual({good: within.filter(({good}) => good).length, total: within.length});
        expect(counts.firstBad(ms, now) === null).toBe(bad === undefined);
      }
    }
  });
});

describe('burn rates', () => {
  test('those of the workbook spend 2 % in an hour, 5 % in six and 10 % in three days of a budget of 30 days', () => {
    const spent = BURN_RULES.map(({rate, longMs}) => Number(((rate * longMs) / (30 * DAY)).toFixed(6)));
    expect(spent).toEqual([0.02, 0.05, 0.1]);
    expect(burnRate({good: 986, total: 1_000}, 0.999)).toBeCloseTo(14, 9);
    expect(burnRate({good: 0, total: 0}, 0.999)).toBeNull();
  });

  test('a rule that asks for more errors than there can be, or for a longer stretch, is none', () => {
    expect(rulesFor({target: 0.9, windowMs: 30 * DAY}).map(({rate}) => rate)).toEqual([6, 1]);
    expect(rulesFor({target: 0.999, windowMs: DAY}).map(({rate}) => rate)).toEqual([14.4, 6]);
  });

  // 1 - pbinom(bad - 1, total, 0.001) by summing the terms.
  test('the chance of as many failures is the upper tail of the binomial', () => {
    const tail = (bad: number, total: number, p: number): number => {
      let term = (1 - p) ** total;
      let below = 0;
      for (let k = 0; k < bad; k++) {
        below += term;
        term *= ((total - k) / (k + 1)) * (p / (1 - p));
      }
      return 1 - below;
    };
    for (const [bad, total] of [
      [1, 20],
      [2, 20],
      [3, 400],
    ] as const)
      expect(chanceOf({good: total - bad, total}, 0.001)).toBeCloseTo(tail(bad, total, 0.001), 12);
    expect(chanceOf({good: 20, total: 20}, 0.001)).toBe(1);
  });

  test('one failure of twenty at night pages nobody, four do', () => {
    const state = (bad: number) => {
      const counts = new EventCounts(30 * DAY);
      counts.add(START / MINUTE, 20 - bad, 20);
      return burnState(BURN_RULES[0]!, counts, 0.999, 0.25, START).state;
    };
    expect([1, 2, 3, 4].map(state)).toEqual(['between', 'between', 'between', 'firing']);
  });
});

describe('alerts of an objective', () => {
  test('an outage pages within minutes, says what burns, and is over within an hour or so of its end', () => {
    const traffic = new Traffic().run(24 * 60, 100, 0).run(6, 100, 1);
    expect(traffic.told).toEqual(['page opened']);
    const [page] = traffic.open;
    expect(page).toMatchObject({kind: 'slo', severity: 'page', subject: 'answers', threshold: 14.4, resolvedAt: null});
    expect(page!.title).toMatch(/^The error budget of 'answers' burns [\d.]+ times too fast \(lateness\)$/);
    expect(page!.message).toContain('missed availability');
    expect(page!.message).toContain('(99.9 % availability over 30 d). The first was at 2024-01-02T00:00Z.');
    traffic.run(65, 100, 0);
    // What is left of the budget is a ticket: its rule looks back on three days.
    expect(traffic.told).toEqual(['page opened', 'ticket opened', 'page resolved']);
  });

  test('a slow leak is a ticket, not a page, and ends when it is mended', () => {
    const traffic = new Traffic().run(3 * 24 * 60, 1_000, 0).run(3 * 24 * 60, 1_000, 0.002);
    expect(traffic.told).toEqual(['ticket opened']);
    expect(traffic.run(24 * 60, 1_000, 0).told).toEqual(['ticket opened', 'ticket resolved']);
  });

  test('a ticket makes room for a page', () => {
    const traffic = new Traffic().run(2 * 24 * 60, 1_000, 0.002).run(15, 1_000, 0.5);
    expect(traffic.told).toEqual(['ticket opened', 'page opened', 'ticket resolved']);
    expect(traffic.open.map(({severity}) => severity)).toEqual(['page']);
  });

  test('a failure now and then, around the threshold, does not open and close all the time', () => {
    const traffic = new Traffic().run(24 * 60, 100, 0);
    for (let i = 0; i < 60; i++) traffic.run(3, 100, i % 2 === 0 ? 0.04 : 0);
    expect(traffic.told.filter(told => told.startsWith('page'))).toEqual(['page opened']);
  });

  test('a service that just keeps its promise pages nobody, in five years at 20 requests an hour and in half a year at 2,000', () => {
    const random = seededRandom(11);
    for (const perHour of [20, 2_000]) {
      const traffic = new Traffic();
      const minutes = perHour === 20 ? 5 * 365 * 24 * 60 : 180 * 24 * 60;
      // Between failures no rule can begin to fire, so only those minutes are looked at.
      for (let m = 0; m < minutes; m++, traffic.now += MINUTE) {
        const expected = perHour / 60;
        const requests = Math.floor(expected) + (random() < expected % 1 ? 1 : 0);
        let bad = 0;
        for (let i = 0; i < requests; i++) if (random() < 0.001) bad++;
        traffic.counts.add(traffic.now / MINUTE, requests - bad, requests);
        if (bad > 0) traffic.judge();
      }
      expect(traffic.told.filter(told => told === 'page opened')).toEqual([]);
    }
  });

  test('what is left of the budget is said, and null before there was traffic', () => {
    const counts = new EventCounts(30 * DAY);
    expect(sloStatus('m', answers, counts, START)).toMatchObject({budgetLeft: null, good: 0, total: 0});
    counts.add(START / MINUTE, 9_995, 10_000);
    const status = sloStatus('m', answers, counts, START + HOUR - 1);
    expect(status.budgetLeft).toBeCloseTo(0.5, 9);
    expect(status.objective).toBe('99.9 % availability over 30 d');
    expect(status.burn.map(({overMs}) => overMs / MINUTE)).toEqual([5, 30, 60, 360, 4_320]);
    expect(status.burn[2]!.rate).toBeCloseTo(0.5, 9);
    expect(status.burn[0]!.rate).toBeNull();
  });
});

describe('objectives in a policy', () => {
  test('are checked all at once', () => {
    const wrong = () =>
      monitorPolicy({
        slos: [
          slo('', {of: 'availability', target: 1}),
          slo('fast', {of: 'latency', target: 0.99, over: '30s'}),
          slo('fast', {of: 'fallback', below: '5ms', target: 0.99}),
        ],
      });
    try {
      wrong();
      expect.unreachable();
    } catch (error) {
      expect((error as {problems: {path: string}[]}).problems.map(({path}) => path)).toEqual([
        'slos[0].name',
        'slos[0].target',
        'slos[1].below',
        'slos[1].over',
        'slos[2].name',
        'slos[2].below',
      ]);
    }
  });
});
