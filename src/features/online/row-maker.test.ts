import {expect, test} from 'vitest';
import {events} from '../../events/index.ts';
import {t} from '../../protocol/index.ts';
import {entity} from '../definitions/entity.ts';
import {featureSet, use} from '../definitions/feature-set.ts';
import {featureView} from '../definitions/view.ts';
import {StreamExecutor} from '../stream/executor.ts';
import {OnlineReader} from './reader.ts';

test('a boolean of a request is the key that events with it have', () => {
  const clicks = events('clicks', {schema: {id: t.string, mobile: t.bool, at: t.time}, time: 'at', id: 'id'});
  const view = featureView('byDevice', {
    from: clicks,
    entity: entity('device', {mobile: t.bool}),
    keys: {mobile: 'mobile'},
    features: a => ({seen: a.count().over('1h')}),
  });
  const set = featureSet('now', {request: {mobile: t.bool}, views: [use(view, {mobile: 'mobile'})]});
  const executor = new StreamExecutor([view]);
  const times = Float64Array.of(1_000, 1_001, 1_002);
  executor.apply({
    stream: 'clicks',
    position: 0,
    count: 3,
    ids: ['a', 'b', 'c'],
    eventTimes: times,
    arrivalTimes: times,
    columns: {id: ['a', 'b', 'c'], mobile: Float64Array.of(1, 1, 0), at: times},
  });
  const reader = new OnlineReader(set, executor);
  expect(reader.read({mobile: true}, 2_000)).toEqual([2]);
  expect(reader.read({mobile: false}, 2_000)).toEqual([1]);
});
