import type {LivePlatform} from '../live/live-platform.ts';
import type {WorkerReport} from './messages.ts';

/** Takes what a worker answered as if it had been answered here: log, labels, windows, shadows, reviews. Returns how many answers. */
export function takeReport(platform: LivePlatform, {models}: WorkerReport): number {
  let count = 0;
  for (const {model: name, answers, errors, wrong, refused, unlogged} of models) {
    const model = platform.model(name);
    for (const {served, latencyUs} of answers) model.recordServed(served, latencyUs);
    model.recordLost({errors, wrong, unlogged});
    model.slos.unanswered(refused, platform.runtime.clock.now());
    count += answers.length;
  }
  return count;
}
