import {describe, expect, test} from 'vitest';
import {AdmissionControl, urgencyOf} from './admission.ts';

/** A server whose turns take as long as its requests say. */
function simulated() {
  let now = 0;
  let endTurn: (() => void) | null = null;
  const control = new AdmissionControl({
    targetMs: 4,
    intervalMs: 100,
    now: () => now,
    nextTurn: turn => {
      endTurn = turn;
    },
  });
  /** One turn of the event loop with these many requests; says what became of them. */
  const turn = (requests: number, urgency?: number) => {
    const counts = {take: 0, degrade: 0, refuse: 0};
    for (let i = 0; i < requests; i++) {
      const admission = control.admit(urgency);
      counts[admission]++;
      now += admission === 'take' ? 0.1 : admission === 'degrade' ? 0.05 : 0.01;
    }
    endTurn?.();
    endTurn = null;
    now += 0.01;
    return counts;
  };
  return {control, turn, time: () => now};
}

describe('admission', () => {
  test('takes everything while turns are short, and through a burst', () => {
    const {turn} = simulated();
    for (let i = 0; i < 100; i++) expect(turn(30)).toEqual({take: 30, degrade: 0, refuse: 0});
    // 5 turns of 20 ms: a burst, not an overload.
    for (let i = 0; i < 5; i++) expect(turn(200).refuse).toBe(0);
    expect(turn(10)).toEqual({take: 10, degrade: 0, refuse: 0});
  });

  test('when every turn has been too long for a while, takes what fits into the target and refuses the rest', () => {
    const {turn, control, time} = simulated();
    while (!control.overloaded) {
      expect(turn(240).refuse).toBe(0);
      expect(time()).toBeLessThan(250);
    }
    const {take, degrade, refuse} = turn(400);
    expect(take).toBeCloseTo(40, -1);
    expect(degrade).toBeCloseTo(80, -1);
    expect(take + degrade + refuse).toBe(400);
    expect(control.counts).toMatchObject({refused: refuse, degraded: degrade});
  });

  test('lets the urgent ones through longer, and the others less long', () => {
    const {turn, control} = simulated();
    while (!control.overloaded) turn(240);
    const [urgent, usual, patient] = [turn(400, 0), turn(400), turn(400, 7)];
    expect(urgent.take).toBeGreaterThan(3 * usual.take);
    expect(usual.take).toBeGreaterThan(1.5 * patient.take);
  });

  test('does not take clients that ask all at once, again and again, for an overload', () => {
    const {turn} = simulated();
    for (let i = 0; i < 100; i++) expect(turn(128)).toEqual({take: 128, degrade: 0, refuse: 0});
  });

  test('is over as soon as a turn is short again', () => {
    const {turn, control} = simulated();
    while (!control.overloaded) turn(240);
    expect(turn(30).take).toBe(30);
    expect(control.overloaded).toBe(false);
    expect(turn(300).refuse).toBe(0);
  });
});

test('few requests are no queue: neither a process that was held up nor large requests are an overload', () => {
  let now = 0;
  let endTurn = () => {};
  const control = new AdmissionControl({
    now: () => now,
    nextTurn: turn => {
      endTurn = turn;
    },
  });
  for (let turn = 0; turn < 100; turn++) {
    for (let i = 0; i < 16; i++) {
      expect(control.admit()).toBe('take');
      now += 5;
    }
    endTurn();
  }
  expect(control.overloaded).toBe(false);
});

test('long turns far apart are no overload', () => {
  let now = 0;
  let endTurn = () => {};
  const control = new AdmissionControl({
    now: () => now,
    nextTurn: turn => {
      endTurn = turn;
    },
  });
  for (let turn = 0; turn < 10; turn++) {
    for (let i = 0; i < 40; i++) control.admit();
    now += 20;
    endTurn();
    expect(control.overloaded).toBe(false);
    now += 10_000;
  }
});

test.each([
  ['u=0', 0],
  ['u=7, i', 7],
  ['i, u=1', 1],
  ['u=8', undefined],
  ['menu=2', undefined],
  [undefined, undefined],
])('the header %j asks for urgency %j', (header, urgency) => expect(urgencyOf(header)).toBe(urgency));
