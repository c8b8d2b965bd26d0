import {describe, expect, test} from 'vitest';
import type {MaturedRow} from '../logs/index.ts';
import {welchTest} from '../math/index.ts';
import {judgeRollout} from './judge-rollout.ts';
import {advanceRollout, observeMatured, observeTraffic, type Rollout, stageArms, startRollout} from './rollout.ts';
import {rolloutPolicy} from './rollout-policy.ts';
import {better, equal, HALF_DAY, simulate, type World, worse} from './simulate.fixture.ts';

const policy = rolloutPolicy({
  shadow: {for: '1d', minRows: 400},
  canary: {
    steps: [
      {share: 0.1, for: '1d'},
      {share: 0.5, for: '1d'},
    ],
    minRows: 50,
  },
  promoteIf: {metric: 'logLoss', notWorseBy: 0.005},
  giveUpAfter: '10d',
});
const strict = rolloutPolicy({
  shadow: {for: '1d', minRows: 400},
  canary: {
    steps: [
      {share: 0.1, for: '1d'},
      {share: 0.5, for: '1d'},
    ],
    minRows: 50,
  },
  promoteIf: {notWorseBy: 0},
  giveUpAfter: '10d',
});

describe('a rollout', () => {
  test('takes a better challenger through every stage to promotion', () => {
    const {decisions, last, rollout} = simulate(strict, better, {seed: 1, rowsPerTick: 500});
    expect(decisions.map(d => d.decision).filter(decision => decision !== 'continue')).toEqual([
      'advance',
      'advance',
      'promote',
    ]);
    expect(decisions.filter(d => d.arms !== null).map(d => d.arms)).toEqual([
      [
        {version: 1, role: 'champion', share: 0.9},
        {version: 2, role: 'canary', share: 0.1},
      ],
      [
        {version: 1, role: 'champion', share: 0.5},
        {version: 2, role: 'canary', share: 0.5},
      ],
      [{version: 2, role: 'champion', share: 1}],
    ]);
    expect(last.figures.differenceHigh).toBeLessThan(0);
    expect(last.figures.challengerAuc).toBeGreaterThan(last.figures.championAuc as number);
    expect(last.reason).toMatch(
      /^Shown better on the same requests: log loss -0\.\d+ \[-0\.\d+, -0\.\d+\] on [\d,]+ rows\.$/,
    );
    expect(rollout.stage).toBe(2);
  });

  test('rejects a worse challenger as soon as that is shown, in shadow', () => {
    const {last, rollout, ticks} = simulate(policy, worse, {seed: 2, rowsPerTick: 500});
    expect(last.decision).toBe('reject');
    expect(last.reason).toContain('Shown worse on the same requests');
    expect(last.arms).toEqual([{version: 1, role: 'champion', share: 1}]);
    expect(rollout.stage).toBe(0);
    expect(ticks).toBeLessThanOrEqual(3);
  });

  test('holds an equal challenger to the strict rule: no promotion, inconclusive in the end', () => {
    const {last, ticks} = simulate(strict, equal, {seed: 3, rowsPerTick: 300});
    expect(last.decision).toBe('reject');
    expect(last.reason).toMatch(/^Inconclusive after 10 d: the evidence decides neither way, log loss/);
    expect(ticks).toBe(20);
  });

  test('promotes an equal challenger within a margin only while its estimate is not above the champion', () => {
    const outcomes = Array.from({length: 20}, (_, seed) =>
      simulate(policy, equal, {seed: 100 + seed, rowsPerTick: 2_000}),
    );
    const promoted = outcomes.filter(({last}) => last.decision === 'promote');
    expect(promoted.length).toBeGreaterThan(5);
    for (const {last} of promoted) {
      expect(last.figures.difference).toBeLessThanOrEqual(0);
      expect(last.figures.differenceHigh).toBeLessThan(0.005);
      expect(last.reason).toContain('Shown less than 0.005 worse');
    }
    for (const {last} of outcomes) if (last.decision === 'reject') expect(last.reason).toContain('Inconclusive');
  });

  test('waits while there are too few rows, and gives up in the end', () => {
    const {decisions, last, rollout} = simulate(policy, better, {seed: 4, rowsPerTick: 10});
    expect(rollout.stage).toBe(0);
    expect(new Set(decisions.slice(0, -1).map(d => d.decision))).toEqual(new Set(['continue']));
    expect(decisions.at(-2)!.reason).toMatch(/^Stage 1 of 3 goes on: it has \d+ of 400 labelled rows\.$/);
    expect(last.decision).toBe('reject');
    expect(last.reason).toMatch(/^Inconclusive after 10 d: it has \d+ of 400 labelled rows\.$/);
  });

  test('does not end a stage before the labels of its time have closed, however many rows it has', () => {
    const {decisions} = simulate(strict, better, {seed: 5, rowsPerTick: 5_000});
    // A stage of two half days needs a third for its labels.
    expect(decisions.map(d => d.decision)).toEqual([
      ...['continue', 'continue', 'advance'],
      ...['continue', 'continue', 'advance'],
      ...['continue', 'continue', 'promote'],
    ]);
    expect(decisions[0]!.reason).toBe('Stage 1 of 3 goes on: its labels are complete for 0 ms of 1 d.');
  });

  test('promotes straight from shadow where the policy has no canary', () => {
    const shadowOnly = rolloutPolicy({shadow: {for: '1d', minRows: 400}});
    const {decisions} = simulate(shadowOnly, better, {seed: 6, rowsPerTick: 1_000});
    expect(decisions.map(d => d.decision)).toEqual(['continue', 'continue', 'promote']);
  });

  test('can be stopped, kept as JSON and continued at any time', () => {
    const lived = simulate(policy, better, {seed: 7, rowsPerTick: 300});
    simulate(policy, better, {
      seed: 7,
      rowsPerTick: 300,
      seen: (rollout, decision) => {
        const kept = JSON.parse(JSON.stringify(rollout)) as Rollout;
        expect(judgeRollout(kept, rollout.maturedTo + HALF_DAY)).toEqual(decision);
      },
    });
    expect(lived.last.decision).toBe('promote');
    expect(JSON.stringify(lived.rollout).length).toBeLessThan(20_000);
  });
});

describe('guards', () => {
  const none = {predictions: 0, errors: 0, latencyP99Us: null};
  const start = () => startRollout(policy, {model: 'late', challenger: 2, champion: 1, at: 0});

  test('reject a challenger that fails too often, once there are enough requests to tell', () => {
    const few = observeTraffic(start(), {challenger: {predictions: 0, errors: 99, latencyP99Us: null}, champion: none});
    expect(judgeRollout(few, 1).decision).toBe('continue');
    const enough = observeTraffic(few, {challenger: {predictions: 900, errors: 1, latencyP99Us: null}, champion: none});
    expect(judgeRollout(enough, 1)).toMatchObject({
      decision: 'reject',
      reason: "10 % of its 1000 requests failed, against 0 % of the champion's; 1 % more may.",
      arms: [{version: 1, role: 'champion', share: 1}],
    });
    const allowed = observeTraffic(start(), {
      challenger: {predictions: 990, errors: 10, latencyP99Us: null},
      champion: none,
    });
    expect(judgeRollout(allowed, 1).decision).toBe('continue');
  });

  test('do not hold against a challenger what fails with the champion too', () => {
    const bad = {predictions: 500, errors: 500, latencyP99Us: null};
    expect(judgeRollout(observeTraffic(start(), {challenger: bad, champion: bad}), 1).decision).toBe('continue');
  });

  test('reject a challenger that is too slow, if the policy asks for that', () => {
    const slow = {challenger: {...none, latencyP99Us: 50}, champion: {...none, latencyP99Us: 10}};
    expect(judgeRollout(observeTraffic(start(), slow), 1).decision).toBe('continue');
    const guarded = rolloutPolicy({shadow: {for: '1d'}, rollbackIf: {latencyRatioAbove: 4}});
    const rollout = startRollout(guarded, {model: 'late', challenger: 2, champion: 1, at: 0});
    expect(judgeRollout(observeTraffic(rollout, slow), 1)).toMatchObject({
      decision: 'reject',
      reason: "Its p99 latency is 50 µs, over 4 times the champion's 10 µs.",
    });
    expect(judgeRollout(observeTraffic(rollout, {...slow, champion: {...none, latencyP99Us: 20}}), 1).decision).toBe(
      'continue',
    );
  });

  test('reject a canary whose answers do worse although its scores do not', () => {
    // Both score alike; whatever the canary answers turns out positive, as if the answer changed the outcome.
    const canary = advanceRollout(start(), 1_000);
    const rows = Array.from({length: 4_000}, (_, i): MaturedRow => {
      const [version, other, role] = i % 2 === 0 ? ([2, 1, 'canary'] as const) : ([1, 2, 'champion'] as const);
      return {
        id: `${i}`,
        at: 1_000 + i,
        version,
        role,
        score: 0.2,
        shadows: [{version: other, score: 0.2}],
        label: version === 2 || i % 7 === 0 ? 1 : 0,
        knownAt: 2_000 + i,
      };
    });
    const decision = judgeRollout(observeMatured(canary, rows, 6_000), 6_000);
    expect(decision.decision).toBe('reject');
    expect(decision.reason).toMatch(/^Shown worse as a canary against the champion's answers: log loss \+1\.\d+/);
    expect(decision.figures.difference).toBe(0);
  });
});

describe('what counts as evidence', () => {
  const row = {id: 'a', at: 10, version: 1, role: 'champion' as const, score: 0.2, label: 1, knownAt: 20};
  const start = () => startRollout(policy, {model: 'late', challenger: 2, champion: 1, at: 5});

  test('is a labelled request since the start that both versions scored', () => {
    const shadows = [{version: 2, score: 0.4}];
    const rows = [
      {...row, shadows},
      {...row, shadows, label: null},
      {...row, shadows, at: 4},
      {...row, shadows: [{version: 3, score: 0.4}]},
      {...row, version: 2, role: 'canary' as const, score: 0.4, shadows: [{version: 1, score: 0.2}]},
    ];
    const {figures} = judgeRollout(observeMatured(start(), rows, 30), 30);
    expect(figures).toMatchObject({pairedRows: 2, stageRows: 2, challengerAuc: null});
    expect(figures.difference).toBeCloseTo(Math.log(0.2) - Math.log(0.4), 12);
  });

  test('counts a row once, even if it is given again after a restart', () => {
    const shadows = [{version: 2, score: 0.4}];
    const rows = [10, 20, 30].map(at => ({...row, at, shadows}));
    const twice = observeMatured(observeMatured(start(), rows.slice(0, 2), 20), rows, 30);
    expect(judgeRollout(twice, 30).figures.pairedRows).toBe(3);
    expect(twice).toEqual(observeMatured(start(), rows, 30));
  });

  test('leaves the state that it came from as it was', () => {
    const before = start();
    const text = JSON.stringify(before);
    observeMatured(before, [{...row, shadows: [{version: 2, score: 0.4}]}], 30);
    expect(JSON.stringify(before)).toBe(text);
  });

  test('refuses a rollout of a version against itself, and a stage after the last', () => {
    expect(() => startRollout(policy, {model: 'late', challenger: 1, champion: 1, at: 0})).toThrow(TypeError);
    const last = advanceRollout(advanceRollout(start(), 10), 20);
    expect(stageArms(last)[1]).toEqual({version: 2, role: 'canary', share: 0.5});
    expect(() => advanceRollout(last, 30)).toThrow(TypeError);
  });
});

describe('looking after every half day, 200 times over', () => {
  const alpha = 0.05;
  const shadowOnly = (notWorseBy: number) =>
    rolloutPolicy({shadow: {for: '1d', minRows: 200}, promoteIf: {notWorseBy}, giveUpAfter: '20d', alpha});

  test('promotes a challenger that is no better in at most alpha of the runs, where a test per look would not', () => {
    let promoted = 0;
    let fooled = 0;
    for (let seed = 0; seed < 200; seed++) {
      let naive = false;
      const {last} = simulate(shadowOnly(0), equal, {
        seed: 1_000 + seed,
        rowsPerTick: 100,
        seen: ({paired: {difference}}) => {
          const zero = {count: difference.count, mean: 0, m2: 0};
          if (difference.count >= 200 && welchTest(zero, difference, 1 - alpha).high < 0) naive = true;
        },
      });
      if (last.decision === 'promote') promoted++;
      if (naive) fooled++;
    }

    expect(promoted / 200).toBeLessThanOrEqual(alpha);
    expect(fooled / 200).toBeGreaterThan(alpha);
  });

  test('promotes a challenger that is worse by the margin in at most alpha of the runs', () => {
    // The champion knows the truth, the challenger adds 0.08: it loses KL(truth | truth + 0.08), on average over truths.
    const shifted: World = truth => ({challenger: truth + 0.08, champion: truth});
    const kl = (p: number, q: number) => p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    const grid = 10_000;
    let margin = 0;
    for (let i = 0; i < grid; i++) {
      const truth = 0.05 + 0.45 * ((i + 0.5) / grid);
      margin += kl(truth, truth + 0.08) / grid;
    }
    let promoted = 0;
    let below = 0;
    for (let seed = 0; seed < 200; seed++) {
      let excluded = false;
      const {last} = simulate(shadowOnly(margin), shifted, {
        seed: 5_000 + seed,
        rowsPerTick: 100,
        seen: (_, {figures}) => {
          if ((figures.pairedRows as number) >= 200 && (figures.differenceHigh as number) < margin) excluded = true;
        },
      });
      if (last.decision === 'promote') promoted++;
      if (excluded) below++;
    }

    expect(promoted / 200).toBeLessThanOrEqual(alpha);
    expect(below / 200).toBeLessThanOrEqual(alpha);
  });
});
