/**
 * A process that appends to a log and truncates it or erases from it without end, until it is killed. It prints a line
 * before each change and one after it. Usage: node --import tsx upkeep.ts <truncate|erase> <folder>
 */
import {writeSync} from 'node:fs';
import {openSegmentLog} from '../../segments/index.ts';
import {someEvents} from '../some-events.ts';
import {erasedBetween} from './erased-between.ts';

const [task, folder] = process.argv.slice(2) as [string, string];
const say = (line: string) => writeSync(1, `${line}\n`);

const log = await openSegmentLog(folder, {segmentBytes: 20_000});
for (;;) {
  const from = log.end();
  for (let i = 0; i < 10; i++) await log.append(someEvents('s', 150, log.end()));
  if (task === 'truncate') {
    say(`truncating ${log.end() - 700}`);
    say(`start ${await log.truncateBefore(log.end() - 700)}`);
  } else {
    // Also from files that earlier rounds have written anew.
    const low = Math.max(0, from - 1_200);
    say(`erasing ${low} ${log.end()}`);
    await log.erase(erasedBetween(low, log.end()));
    say(`erased ${low} ${log.end()}`);
  }
}
