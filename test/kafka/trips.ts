import {events, kafkaTopic, type Source} from '../../src/events/index.ts';
import type {Followed} from '../../src/events/kafka/index.ts';
import {t} from '../../src/protocol/index.ts';

/** The source of the tests, followed from a topic at the address in KAFKA. */
export function tripsOf(topic: string, gaps: 'stop' | 'skip' = 'stop'): Followed {
  const from = kafkaTopic({connection: {env: 'KAFKA'}, topic, gaps});
  const source: Source = events('trips', {schema: {id: t.string, at: t.time, km: t.int}, time: 'at', id: 'id', from});
  return {...source, from};
}
