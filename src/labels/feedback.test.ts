import {expect, test} from 'vitest';
import {csv} from '../events/index.ts';
import {feedback} from './feedback.ts';
import {valueLabel} from './label.ts';

test('feedback is a stream: it has a history to train on, and an end in the log, if it is told', () => {
  const votes = feedback('votes', {from: csv('votes.csv'), retention: '30d', lateness: '2d'});
  expect(votes).toMatchObject({time: 'at', id: 'feedbackId', retentionMs: 30 * 86_400_000, latenessMs: 2 * 86_400_000});
  expect(votes.from).toEqual(csv('votes.csv'));
  expect(feedback('clicks')).toMatchObject({from: null, retentionMs: null, latenessMs: 86_400_000});
  expect(valueLabel('liked', {from: votes, on: 'predictionId', is: f => f.value.gt(0), within: '7d'}).source).toBe(
    votes,
  );
});
