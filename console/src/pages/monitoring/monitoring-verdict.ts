/** How a model does, in one sentence. */
import type {Incident, ModelDetail, MonitorWindow} from 'millrace/protocol';
import {interval, plural, ratio, signed} from '../../format/numbers.ts';
import {timesIn} from '../../format/times.ts';
import {capital, listed} from '../../format/words.ts';
import type {Level} from '../../parts/meaning.tsx';
import {driftOf, importancesOf} from '../../windows/important.ts';
import {isOpen, ranked} from '../../windows/incident-words.ts';
import {estimatedAuc} from '../../windows/performance-chart.tsx';
import {expectedAuc} from '../../windows/timeline.ts';

type About = {
  readonly windows: readonly MonitorWindow[];
  readonly detail: ModelDetail;
  readonly incidents: readonly Incident[];
};

/** More names than these are counted. */
const NAMED = 3;

export function monitoringVerdict(about: About): {readonly level: Level; readonly sentence: string} {
  const {windows, incidents} = about;
  const open = incidents.filter(isOpen);
  const loud = open.filter(({silencedBy}) => silencedBy === null);
  const broken = (windows.at(-1)?.quality ?? []).filter(({verdict}) => verdict === 'broken').length;
  const level = loud.some(({severity}) => severity === 'page') ? 'bad' : loud.length > 0 ? 'watch' : 'good';
  const parts = [
    performanceWords(about),
    driftWords(about),
    broken > 0 ? `${plural(broken, 'check')} of what is served ${broken === 1 ? 'is' : 'are'} broken` : '',
    openWords(open, open.length - loud.length),
  ];
  return {level, sentence: `${capital(parts.filter(part => part !== '').join('; '))}.`};
}

function performanceWords({windows, detail}: About): string {
  const index = windows.findLastIndex(window => window.performance?.overall.auc != null);
  const {auc = null} = windows[index]?.performance?.overall ?? {};
  const estimate = estimatedAuc(windows.at(-1));
  const thought =
    estimate === null ? '' : `estimated at ${ratio(estimate.value)} ${interval(estimate.low, estimate.high)}`;
  if (auc === null)
    return thought === ''
      ? 'no window has mature labels yet'
      : `no window has mature labels yet; the AUC is ${thought} before they come`;
  const expected = expectedAuc(windows, detail)[index] ?? null;
  const day = timesIn('UTC').short(windows[index]?.from ?? null);
  const against = expected === null ? '' : `, ${signed(auc - expected, 3)} from its test set`;
  const since = thought === '' || index === windows.length - 1 ? '' : ` and ${thought} since`;
  return `AUC ${ratio(auc)} measured on ${day}${against}${since}`;
}

function driftWords({windows, detail}: About): string {
  const newest = windows.at(-1);
  const {matter, others} = driftOf(newest, importancesOf(detail, newest));
  const few = newest?.drift.filter(({verdict}) => verdict === 'insufficient data').length ?? 0;
  if (newest && few === newest.drift.length && few > 0) return 'too few rows to tell whether features drift';
  if (matter.length + others.length === 0) return 'nothing drifts';
  if (matter.length === 0)
    return others.length === 1
      ? `${others[0]?.subject} drifts and does not matter to the model`
      : `${others.length} features drift, none of them matters to the model`;
  const names = matter.length <= NAMED ? listed(matter.map(({subject}) => subject)) : plural(matter.length, 'feature');
  const more =
    others.length === 0 ? '' : `, ${others.length} more that ${others.length === 1 ? 'does' : 'do'} not matter`;
  return `${names} ${matter.length === 1 ? 'drifts and matters' : 'drift and matter'} to the model${more}`;
}

/** The one to look at first is named: it is what the reader came for. */
function openWords(open: readonly Incident[], silenced: number): string {
  const [first] = ranked(open);
  if (!first) return 'no incident is open';
  const quiet = silenced === 0 ? '' : silenced === open.length ? ', silenced' : `, ${silenced} of them silenced`;
  const title = first.title.startsWith(`${first.model}: `) ? first.title.slice(first.model.length + 2) : first.title;
  return `${plural(open.length, 'incident is', 'incidents are')} open${quiet}: ${title}`;
}
