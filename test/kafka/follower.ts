// A process that follows a topic into a folder and kills itself between the log and the checkpoint: after the batch
// whose number it is given has been acknowledged and before it is written down how far the feed has been taken.
import {join} from 'node:path';
import {follow} from '../../src/events/follow/follow.ts';
import {EventGate, FileQuarantine} from '../../src/events/index.ts';
import {openKafkaFeed} from '../../src/events/kafka/index.ts';
import {seededRandom} from '../../src/math/index.ts';
import {wallClock} from '../../src/protocol/index.ts';
import {openLibsql} from '../../src/stores/libsql/index.ts';
import {openSegmentLog} from '../../src/stores/segments/index.ts';
import {tripsOf} from './trips.ts';

const [folder = '', topic = '', address = '', batches = ''] = process.argv.slice(2);
const source = tripsOf(topic);
const log = await openSegmentLog(join(folder, 'log'));
const quarantine = await FileQuarantine.open(join(folder, 'quarantine.jsonl'));
const gate = await EventGate.open({log, quarantine, sources: [source], clock: wallClock});
let left = Number(batches);
const {state} = follow({
  source,
  gate,
  log,
  feed: openKafkaFeed({source, connections: {KAFKA: address}}),
  checkpoints: await openLibsql(join(folder, 'metadata.db')),
  clock: wallClock,
  random: seededRandom(1),
  signal: new AbortController().signal,
  onBatch: () => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
setInterval(() => {
  const {state: now, error} = state();
  if (now === 'waiting') process.stderr.write(`${error?.message}\n`);
}, 500);
