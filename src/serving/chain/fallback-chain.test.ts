import {describe, expect, test} from 'vitest';
import {MillraceError} from '../../protocol/index.ts';
import {type ChainOptions, Declined, FallbackChain, type Level} from './fallback-chain.ts';

type Answering = Level<string, string>;
const breaker = {failures: 2, of: 4, coolMs: 1_000};
const value: Answering = {name: 'value', cheap: true, answer: () => 'default'};

function chainOf(levels: readonly Answering[], options: Partial<ChainOptions> = {}) {
  const clock = {now: 0};
  const chain = new FallbackChain(levels, {deadlineMs: null, breaker, now: () => clock.now, ...options});
  return {chain, clock, run: (overloaded = false) => chain.run('q', {arrivedAt: clock.now, overloaded})};
}
const failing = (message = 'broken'): Answering => ({
  name: 'model',
  answer: () => {
    throw new Error(message);
  },
});

describe('a fallback chain', () => {
  test('answers at the first level at once, without a promise', () => {
    const {run} = chainOf([{name: 'model', answer: q => `${q}!`}, value]);
    expect(run()).toEqual({answer: 'q!', level: 0, skipped: []});
  });

  test('goes down level by level and says why', () => {
    const declining: Answering = {
      name: 'rule',
      cheap: true,
      answer: () => {
        throw new Declined('missing-features', 'The rule gave null.');
      },
    };
    const {run, chain} = chainOf([failing(), declining, value]);
    expect(run()).toEqual({
      answer: 'default',
      level: 2,
      skipped: [
        {level: 'model', reason: 'error', message: 'broken'},
        {level: 'rule', reason: 'missing-features', message: 'The rule gave null.'},
      ],
    });
    expect(chain.status()).toMatchObject([
      {level: 'model', answers: 0, skipped: {error: 1}},
      {level: 'rule', skipped: {'missing-features': 1}},
      {level: 'value', answers: 1},
    ]);
  });

  test('leaves a level alone after its breaker has opened, and tries it again', () => {
    let calls = 0;
    const {run, clock} = chainOf([
      {
        name: 'model',
        answer: () => {
          calls++;
          if (calls <= 2) throw new Error('down');
          return 'well again';
        },
      },
      value,
    ]);
    run();
    run();
    expect(run()).toMatchObject({answer: 'default', skipped: [{reason: 'breaker-open'}]});
    expect(calls).toBe(2);
    clock.now = 1_000;
    expect(run()).toMatchObject({answer: 'well again', level: 0});
  });

  test('does not count what a level declines as its failure', () => {
    const {run, chain} = chainOf([
      {
        name: 'model',
        answer: () => {
          throw new Declined('stale-features', 'old');
        },
      },
      value,
    ]);
    for (let i = 0; i < 10; i++) run();
    expect(chain.status()[0]).toMatchObject({breaker: 'closed', skipped: {'stale-features': 10}});
  });

  test('does not begin what would be late', () => {
    const {chain, clock} = chainOf(
      [
        {
          name: 'model',
          answer: () => {
            clock.now += 40;
            return 'slow';
          },
        },
        value,
      ],
      {deadlineMs: 50},
    );
    const run = (arrivedAt: number) => chain.run('q', {arrivedAt});
    expect(run(clock.now)).toMatchObject({answer: 'slow'});
    // It took 40 ms the last time, so it may take more than 50.
    expect(run(clock.now)).toMatchObject({answer: 'default', skipped: [{reason: 'predicted-latency'}]});
    expect(run(clock.now - 60)).toMatchObject({answer: 'default', skipped: [{reason: 'timeout'}]});
    // The estimate grows old, and the level is tried again.
    clock.now += 1_001;
    expect(run(clock.now)).toMatchObject({answer: 'slow'});
  });

  test('is not scared off by one pause of the process', () => {
    let pause = 0;
    const model: Answering = {
      name: 'model',
      answer: () => {
        clock.now += 0.1 + pause;
        return 'fast';
      },
    };
    const {chain, clock} = chainOf([model, value], {deadlineMs: 50});
    const ask = () => chain.run('q', {arrivedAt: clock.now}) as {answer: string};
    for (let i = 0; i < 100; i++) ask();
    pause = 60;
    ask();
    pause = 0;
    expect(Array.from({length: 100}, ask).filter(({answer}) => answer === 'fast')).toHaveLength(100);
  });

  test('holds nothing against a level that the caller gave no time, or that nobody waits for any more', async () => {
    const gone: Answering = {name: 'model', answer: () => Promise.reject(new DOMException('Gone.', 'AbortError'))};
    const hungUp = chainOf([gone, value], {deadlineMs: 1_000});
    for (let i = 0; i < 5; i++) await expect(hungUp.run()).rejects.toThrow('Gone.');
    expect(hungUp.chain.status()).toMatchObject([{breaker: 'closed', skipped: {}}, {answers: 0}]);
    const never: Answering = {name: 'model', answer: () => new Promise(() => {})};
    const hasty = chainOf([never, value], {deadlineMs: 1_000, now: () => performance.now()});
    for (let i = 0; i < 5; i++)
      expect(await hasty.chain.run('q', {arrivedAt: performance.now(), deadlineMs: 1})).toMatchObject({level: 1});
    expect(hasty.chain.status()[0]).toMatchObject({breaker: 'closed', skipped: {timeout: 5}});
  });

  test('tries a level again that is only not ready yet, and one with nothing below it', () => {
    let ready = false;
    const filling: Answering = {
      name: 'model',
      answer: () => {
        if (!ready) throw new MillraceError('NOT_READY', 'It is being filled.');
        return 'ready';
      },
    };
    const {run} = chainOf([filling, value]);
    for (let i = 0; i < 10; i++) expect(run()).toMatchObject({skipped: [{reason: 'not-ready'}]});
    ready = true;
    expect(run()).toMatchObject({answer: 'ready'});
    const poison: Answering = {
      name: 'model',
      answer: q => {
        if (q === 'poison') throw new Error('broken by it');
        return 'well';
      },
    };
    const alone = chainOf([poison]).chain;
    for (let i = 0; i < 10; i++) expect(() => alone.run('poison', {arrivedAt: 0})).toThrow('broken by it');
    expect(alone.run('q', {arrivedAt: 0})).toMatchObject({answer: 'well'});
  });

  test('is late rather than silent where there is nothing to fall back to', () => {
    const {chain, clock} = chainOf([{name: 'model', answer: () => 'late'}], {deadlineMs: 10});
    clock.now = 100;
    expect(chain.run('q', {arrivedAt: 0})).toMatchObject({answer: 'late'});
  });

  test('does not wait longer than the deadline for a level that answers later', async () => {
    const never: Answering = {name: 'model', answer: () => new Promise(() => {})};
    const {run, chain} = chainOf([never, value], {deadlineMs: 20, now: () => performance.now()});
    const started = performance.now();
    const found = await chain.run('q', {arrivedAt: started});
    expect(found).toMatchObject({answer: 'default', skipped: [{level: 'model', reason: 'timeout'}]});
    expect(performance.now() - started).toBeLessThan(500);
    expect(run).toBeTypeOf('function');
  });

  test('takes a promise that is broken as a failure, and one that is kept as the answer', async () => {
    const broken: Answering = {name: 'model', answer: () => Promise.reject(new Error('gone'))};
    const {run} = chainOf([broken, {name: 'simpler', answer: () => Promise.resolve('kept')}, value], {
      deadlineMs: 1_000,
    });
    expect(await run()).toEqual({
      answer: 'kept',
      level: 1,
      skipped: [{level: 'model', reason: 'error', message: 'gone'}],
    });
  });

  test('leaves the expensive levels out when the server is overloaded', () => {
    const {run} = chainOf([{name: 'model', answer: () => 'dear'}, value]);
    expect(run(true)).toMatchObject({answer: 'default', skipped: [{reason: 'overload'}]});
    expect(chainOf([{name: 'model', answer: () => 'only'}]).run(true)).toMatchObject({answer: 'only'});
  });

  test('passes on what is wrong with the request: no level could answer it', () => {
    const refused = new MillraceError('REQUEST_INVALID', 'No such place.');
    const wrong: Answering = {
      name: 'model',
      answer: () => {
        throw refused;
      },
    };
    const {run, chain} = chainOf([wrong, value]);
    for (let i = 0; i < 5; i++) expect(() => run()).toThrow(refused);
    expect(chain.status()[0]!.breaker).toBe('closed');
  });

  test.each([
    ['outside-training', 'REQUEST_INVALID', 'The inputs lie outside what training saw. model: why'],
    ['timeout', 'DEADLINE_EXCEEDED', 'Nothing answered in time. model: why'],
    ['stale-features', 'NOT_READY', 'No level answered. model: why'],
  ] as const)('without an answer, %s is %s', (reason, code, message) => {
    const declining: Answering = {
      name: 'model',
      answer: () => {
        throw new Declined(reason, 'why');
      },
    };
    expect(() => chainOf([declining]).run()).toThrow(expect.objectContaining({code, message}));
  });

  test('throws what the model threw where nothing is below it', () => {
    expect(() => chainOf([failing('as it was')]).run()).toThrow('as it was');
  });
});
