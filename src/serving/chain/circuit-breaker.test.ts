import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {CircuitBreaker} from './circuit-breaker.ts';

const policy = {failures: 3, of: 5, coolMs: 100};

/** What the policy says, by the list of all outcomes. */
class Naive {
  #outcomes: boolean[] = [];
  #openedAt: number | null = null;

  call(now: number, fails: boolean): boolean {
    if (this.#openedAt !== null && now - this.#openedAt < policy.coolMs) return false;
    if (this.#openedAt !== null) {
      this.#openedAt = fails ? now : null;
      this.#outcomes = [];
      return true;
    }
    this.#outcomes.push(fails);
    if (this.#outcomes.slice(-policy.of).filter(failed => failed).length >= policy.failures) this.#openedAt = now;
    return true;
  }
}

describe('a circuit breaker', () => {
  test('opens, lets one call try after a while, and closes when that succeeds', () => {
    const breaker = new CircuitBreaker(policy);
    for (let i = 0; i < 3; i++) {
      expect(breaker.allows(i)).toBe(true);
      breaker.failed(i);
    }
    expect([breaker.state(50), breaker.allows(50)]).toEqual(['open', false]);
    expect(breaker.state(102)).toBe('half-open');
    expect([breaker.allows(102), breaker.allows(103)]).toEqual([true, false]);
    breaker.failed(104);
    expect([breaker.allows(203), breaker.allows(204)]).toEqual([false, true]);
    breaker.succeeded();
    expect([breaker.state(205), breaker.allows(205), breaker.allows(206)]).toEqual(['closed', true, true]);
  });

  test('is not held open by a call that never ended, or that says nothing', () => {
    const breaker = new CircuitBreaker({failures: 1, of: 1, coolMs: 100});
    breaker.failed(0);
    expect([breaker.allows(100), breaker.allows(199), breaker.allows(200)]).toEqual([true, false, true]);
    breaker.abandoned();
    expect([breaker.state(200), breaker.allows(201), breaker.allows(202)]).toEqual(['half-open', true, false]);
    breaker.succeeded();
    expect(breaker.state(203)).toBe('closed');
  });

  test('does what a list of all outcomes says', () => {
    const calls = fc.array(fc.record({after: fc.integer({min: 0, max: 80}), fails: fc.boolean()}), {maxLength: 200});
    fc.assert(
      fc.property(calls, list => {
        const [breaker, naive] = [new CircuitBreaker(policy), new Naive()];
        let now = 0;
        for (const {after, fails} of list) {
          now += after;
          const allowed = breaker.allows(now);
          if (allowed && fails) breaker.failed(now);
          else if (allowed) breaker.succeeded();
          expect(allowed).toBe(naive.call(now, fails));
        }
      }),
      {seed: 4, numRuns: 300},
    );
  });
});
