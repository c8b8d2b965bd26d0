import {describe, expect, it} from 'vitest';
import {sharesOf, skipsOf} from '../../console/src/pages/serving/chain/chain-words.ts';
import {remarksOn, worstOf} from '../../console/src/pages/serving/chain/serving-verdict.ts';
import {answersNow, rolloutOf} from '../../console/src/pages/serving/deploy/deploy-words.ts';
import type {LevelRecord, ReleasePlan, Retrain, ServingStatus} from '../../src/protocol/index.ts';

const level = (name: string, change: Partial<LevelRecord> = {}): LevelRecord => ({
  level: name,
  answers: 0,
  skipped: {},
  breaker: 'closed',
  ...change,
});

const status = (change: Partial<ServingStatus> = {}): ServingStatus => ({
  model: 'late',
  ready: true,
  version: 2,
  predictions: 1_000,
  errors: 0,
  unlogged: 0,
  answeredBy: {model: 990, cached: 5, value: 5},
  levels: [level('model'), level('simpler small'), level('value')],
  lacking: [],
  policy: [],
  hybrid: null,
  reviews: {open: 0, dropped: 0},
  ...change,
});

describe('the shares of the levels', () => {
  it('keep the order of the chain, and count what was given before as the answers of the model', () => {
    const {total, before, chain, gone, below} = sharesOf(status());
    expect(total).toBe(1_000);
    expect(before).toEqual([{level: 'cached', answers: 5, share: 0.005}]);
    expect(chain.map(each => [each.level, each.share])).toEqual([
      ['model', 0.99],
      ['simpler small', 0],
      ['value', 0.005],
    ]);
    expect(gone).toEqual([]);
    expect(below).toBe(0.005);
  });

  it('name levels that the chain had before another version came', () => {
    expect(sharesOf(status({answeredBy: {model: 3, 'by region': 1}})).gone).toEqual([
      {level: 'by region', answers: 1, share: 0.25},
    ]);
  });

  it('are those of the model alone where nothing stands below it, and none before the first answer', () => {
    const {chain, below} = sharesOf({answeredBy: {}, levels: []});
    expect(chain).toEqual([{level: 'model', answers: 0, share: 0, record: null}]);
    expect(below).toBe(0);
  });

  it('list why a level was passed over, the commonest first', () => {
    const skipped = {timeout: 2, error: 9, overload: 0};
    expect(skipsOf(level('model', {skipped}))).toEqual([
      ['error', 9],
      ['timeout', 2],
    ]);
  });
});

describe('the verdict', () => {
  it('is silent while the model answers', () => {
    expect(remarksOn(status())).toEqual([]);
    expect(remarksOn(status({answeredBy: {model: 990, value: 10}}))).toEqual([]);
  });

  it('tells of answers from below the model above one in a hundred', () => {
    expect(remarksOn(status({answeredBy: {model: 985, value: 15}}))).toEqual([
      {level: 'watch', sentence: '1.5\u202f% of the answers came from below the model.'},
    ]);
  });

  it('calls an open breaker of the model bad, that of another level a thing to watch', () => {
    const open = (name: string) =>
      remarksOn(
        status({levels: status().levels.map(each => (each.level === name ? level(name, {breaker: 'open'}) : each))}),
      );
    expect(open('model')).toEqual([
      {level: 'bad', sentence: 'The breaker of the model is open: what is below answers.'},
    ]);
    expect(open('simpler small').map(remark => remark.level)).toEqual(['watch']);
  });

  it('puts what is worst first', () => {
    const remarks = remarksOn(status({unlogged: 1, levels: [level('model', {breaker: 'half-open'})]}));
    expect(remarks.map(remark => remark.level)).toEqual(['bad', 'watch']);
    expect(remarks[0]?.sentence).toBe('1 prediction is not in the log: it had no room.');
    expect(worstOf('good', remarks)).toBe('bad');
    expect(worstOf('bad', [])).toBe('bad');
  });

  it('says so where nobody answers', () => {
    expect(remarksOn(undefined).map(remark => remark.level)).toEqual(['unknown']);
    expect(remarksOn(status({ready: false}))[0]?.level).toBe('bad');
  });
});

describe('a deploy', () => {
  const plan = (...arms: ReleasePlan['arms']): ReleasePlan => ({
    model: 'late',
    revision: 1,
    at: 0,
    arms,
    salt: '',
    reason: '',
  });

  it('says who answers now', () => {
    expect(answersNow({plan: null})).toBe('nobody answers');
    expect(
      answersNow({plan: plan({version: 2, role: 'champion', share: 1}, {version: 3, role: 'shadow', share: 0})}),
    ).toBe('v2 answers everything');
    expect(
      answersNow({plan: plan({version: 1, role: 'champion', share: 0.9}, {version: 2, role: 'canary', share: 0.1})}),
    ).toBe('v1 (90\u202f%) and v2 (10\u202f%) answer');
  });

  it('waits for a rollout, and for nothing else', () => {
    const retrain = (outcome: Retrain['outcome']) => [{outcome, challenger: 3} as Retrain];
    const champion = plan({version: 2, role: 'champion', share: 1});
    expect(rolloutOf({retrains: retrain('promoted'), plan: champion})).toBeNull();
    expect(rolloutOf({retrains: retrain('training'), plan: champion})).toBeNull();
    expect(rolloutOf({retrains: retrain('canary'), plan: champion})).toBe('v3 is being rolled out as canary');
  });
});
