/** What the state of a check means, and the word for it. */
import type {CheckStatus} from 'millrace/protocol';
import type {Level} from '../../parts/meaning.tsx';

type Outcome = {readonly level: Level; readonly word: string};

const NOW: Record<CheckStatus['action'], Outcome> = {
  reject: {level: 'bad', word: 'rejected some of the last push'},
  stop: {level: 'bad', word: 'stopped the last push'},
  warn: {level: 'watch', word: 'warns now'},
};
const BEFORE: Record<CheckStatus['action'], string> = {
  reject: 'rejected before, fine now',
  stop: 'stopped before, fine now',
  warn: 'warned before, fine now',
};

/** The state of a check in words; what was violated in the latest push, or is at this moment, is said as of now. */
export function outcomeOf({state, action, count}: CheckStatus): Outcome {
  if (state === 'violated') return NOW[action];
  if (count > 0) return {level: 'watch', word: BEFORE[action]};
  return state === 'ok' ? {level: 'good', word: 'never fired'} : {level: 'unknown', word: 'not judged yet'};
}

const BY_SEVERITY: readonly Level[] = ['good', 'unknown', 'watch', 'bad'];

/** Higher is worse. */
export const severity = (level: Level): number => BY_SEVERITY.indexOf(level);

/** The worst of several; good if there are none. */
export const worst = (levels: readonly Level[]): Level =>
  levels.reduce<Level>((most, level) => (severity(level) > severity(most) ? level : most), 'good');
