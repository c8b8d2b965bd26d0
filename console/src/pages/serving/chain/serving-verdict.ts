/** What the first sentence says of how a model answers: silent while the model does. */
import {percent, plural} from '../../../format/numbers.ts';
import {capital, listed} from '../../../format/words.ts';
import {sharesOf} from './chain-words.ts';

type Level = 'good' | 'watch' | 'bad' | 'unknown';
/** What is read of a `ServingStatus`. */
type Answering = {
  readonly ready: boolean;
  readonly unlogged: number;
  readonly answeredBy: {readonly [level: string]: number};
  readonly levels: readonly {readonly level: string; readonly breaker: 'closed' | 'open' | 'half-open'}[];
};

/** Of all answers; above it the verdict tells of those from below the model. */
const WORTH_SAYING = 0.01;

export type Remark = {readonly level: Level; readonly sentence: string};

/** Worst first; none where all is well. */
export function remarksOn(status: Answering | undefined): readonly Remark[] {
  if (!status) return [{level: 'unknown', sentence: 'This server does not answer for it yet.'}];
  const remarks: Remark[] = [];
  if (!status.ready) remarks.push({level: 'bad', sentence: 'No version is loaded: predictions are refused.'});
  const named = (state: 'open' | 'half-open') =>
    status.levels
      .filter(({breaker}) => breaker === state)
      .map(({level}) => (level === 'model' ? THE_MODEL : `'${level}'`));
  const [open, trying] = [named('open'), named('half-open')];
  if (open.length > 0)
    remarks.push({
      level: open.includes(THE_MODEL) ? 'bad' : 'watch',
      sentence: `${capital(open.length === 1 ? 'the breaker of' : 'the breakers of')} ${listed(open)} ${open.length === 1 ? 'is' : 'are'} open: what is below answers.`,
    });
  if (trying.length > 0)
    remarks.push({
      level: 'watch',
      sentence: `${capital(listed(trying))} failed too often and ${trying.length === 1 ? 'is' : 'are'} tried again with one call.`,
    });
  if (status.unlogged > 0)
    remarks.push({
      level: 'bad',
      sentence: `${plural(status.unlogged, 'prediction is', 'predictions are')} not in the log: it had no room.`,
    });
  const {below} = sharesOf(status);
  if (below > WORTH_SAYING)
    remarks.push({level: 'watch', sentence: `${percent(below)} of the answers came from below the model.`});
  return remarks.sort((a, b) => RANK.indexOf(a.level) - RANK.indexOf(b.level));
}

const THE_MODEL = 'the model';

const RANK: readonly Level[] = ['bad', 'watch', 'unknown', 'good'];

/** The worst of them. */
export const worstOf = (first: Level, remarks: readonly Remark[]): Level =>
  remarks.reduce((worst, {level}) => (RANK.indexOf(level) < RANK.indexOf(worst) ? level : worst), first);
