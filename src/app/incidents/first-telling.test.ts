// A folder in which a history was replayed, and the first process after it that tells people.
import {afterEach, describe, expect, test} from 'vitest';
import {logLines, notifications} from '../../monitoring/index.ts';
import {alertOf, DAY, DeskProcess, HOUR, MINUTE, START} from './desk.fixture.ts';

const log = notifications({channels: [logLines()]});
const auc = alertOf('performance', 'auc', START);
const drift = alertOf('prediction-drift', 'prediction', START);
const told = ({lines}: DeskProcess) => lines.map(({msg, incident}) => `${msg} ${incident}`);
const closing: DeskProcess[] = [];
afterEach(async () => {
  for (const desk of closing.splice(0)) await desk.close();
});
async function replayed(): Promise<DeskProcess> {
  const desk = await DeskProcess.start({notifications: log}, false);
  closing.push(desk);
  return desk;
}

describe('what a replay left open', () => {
  test('is no news to the first process that tells people, a page neither; what comes to it then is', async () => {
    const desk = await replayed();
    await desk.opens(auc);
    desk.clock.advanceTo(START + 2 * DAY);
    await desk.again();
    await desk.pass(9 * HOUR, MINUTE);
    expect(desk.lines).toEqual([]);
    await desk.opens(alertOf('calibration', 'ratio', desk.now));
    await desk.pass(HOUR, MINUTE);
    expect(told(desk)).toEqual(['incident updated late.1']);
  });

  test('is told where it turns into a page, and its end then', async () => {
    const desk = await replayed();
    await desk.opens(drift);
    desk.clock.advanceTo(START + 2 * DAY);
    await desk.again();
    await desk.opens(auc);
    await desk.pass(HOUR, MINUTE);
    await desk.resolves(auc, drift);
    await desk.pass(HOUR, MINUTE);
    expect(told(desk)).toEqual(['incident updated late.1', 'incident resolved late.1']);
  });

  test('is told where it opened within the day; and what opens under a later silence is told though days go by', async () => {
    const desk = await replayed();
    await desk.opens(auc);
    desk.clock.advanceTo(START + HOUR);
    await desk.again();
    await desk.pass(MINUTE);
    expect(told(desk)).toEqual(['incident opened late.1']);
    await desk.desk.silence({matches: {kind: 'latency'}, for: '3d', reason: 'a move'}, 'ada', desk.now);
    await desk.opens({...alertOf('latency', 'p99', desk.now), severity: 'ticket'});
    desk.clock.advanceTo(desk.now + 2 * DAY);
    await desk.again();
    await desk.pass(DAY + HOUR, 10 * MINUTE);
    expect(told(desk)).toContain('incident opened late.2');
  });
});
