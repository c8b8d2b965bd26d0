/** An incident in sentences: what, since when, how big, what it costs, what came before it, what to do. */

import type {Alert, AlertFeature, Incident, IncidentCause} from '../../protocol/index.ts';
import {formatDuration} from '../../protocol/index.ts';
import {figure, listWords, percent} from '../alerts/words.ts';
import {byCause, type Origins} from './feature-origin.ts';
import {leadingFeatures} from './rank-features.ts';

export const METRIC_NAMES: Readonly<Record<string, string>> = {
  auc: 'AUC',
  prAuc: 'PR AUC',
  logLoss: 'log loss',
  brier: 'Brier score',
};

/** Deploys that are older than this before an incident are not its suspects. */
const SUSPECT_MS = 7 * 86_400_000;

/** `open`: its alerts that speak for themselves, the gravest first. */
export function titleOf({cause, model}: Pick<Incident, 'cause' | 'model'>, open: readonly Alert[]): string {
  const what = open[0]?.title ?? 'Nothing is open';
  const where = causeWords(cause);
  return `${model}: ${what}${where === '' ? '' : ` (${where})`}`;
}

/** `source orders`; nothing for what is no place to look. */
export function causeWords({kind, name}: IncidentCause): string {
  if (kind === 'source' || kind === 'view') return `${kind} ${name}`;
  return kind === 'request' ? 'what callers send' : '';
}

const NAMED_OF_EACH = 3;

type Summed = Pick<
  Incident,
  'cause' | 'since' | 'features' | 'slices' | 'change' | 'cost' | 'lastDeploy' | 'owner' | 'runbook' | 'inhibited'
>;

/** `open` as for the title; `of`: features that the model reads. */
export function summaryOf(incident: Summed, open: readonly Alert[], of: number, origins: Origins): string {
  const {since, change, cost, slices, owner, runbook, inhibited} = incident;
  const sentences = [
    ...open.map(({message, title}) => message || `${title}.`),
    `${capital(causeWords(incident.cause))}${causeWords(incident.cause) === '' ? 'Since' : ' since'} ${timeWords(since)}.`,
    featureWords(incident.features, of, change?.measured === false ? change.value : null),
    originWords(incident.features, origins),
    change &&
      `${METRIC_NAMES[change.metric] ?? change.metric} ${signed(change.value)} [${signed(change.low)}, ${signed(change.high)}] against the test split, ${change.measured ? 'measured' : 'estimated'}.`,
    cost && `That costs about ${figure(cost.amount)} ${cost.unit} a window.`,
    slices.length > 0 && `It shows in ${listWords(slices)}.`,
    deployWords(incident),
    inhibited.length > 0 &&
      `${inhibited.length === 1 ? 'One more alert follows' : `${inhibited.length} more alerts follow`} from it.`,
    owner !== '' && `Owner: ${owner}.`,
    runbook && `What to do: ${runbook}`,
  ];
  return sentences.filter(sentence => sentence).join(' ');
}

/** `late_2h, hour and distance, 3 of 41 features, explain 80 % of the estimated loss.` */
function featureWords(features: readonly AlertFeature[], of: number, loss: number | null): string {
  if (features.length === 0) return '';
  const {features: named, share} = leadingFeatures(features, loss);
  const names = listWords(named.map(({feature}) => feature));
  const count = `${named.length} of ${Math.max(of, features.length)} features`;
  if (share === null)
    return `It is about ${names} (${count}${named.length < features.length ? ', the heaviest' : ''}).`;
  return `${names}, ${count}, explain${named.length === 1 ? 's' : ''} ${percent(share)} of the estimated loss.`;
}

/** Where features of several origins drift at once. */
function originWords(features: readonly AlertFeature[], origins: Origins): string {
  const groups = byCause(features, origins);
  if (groups.length < 2) return '';
  const parts = groups.map(({cause, features: own}) => {
    const more = own.length > NAMED_OF_EACH ? [`${own.length - NAMED_OF_EACH} more`] : [];
    return `${causeWords(cause)} (${listWords([...own.slice(0, NAMED_OF_EACH), ...more])})`;
  });
  return `They come from ${listWords(parts)}.`;
}

function deployWords({lastDeploy, since}: Summed): string {
  if (lastDeploy === null || since - lastDeploy.at > SUSPECT_MS) return '';
  const apart = formatDuration(Math.max(60_000, Math.round(Math.abs(since - lastDeploy.at) / 60_000) * 60_000));
  const order = lastDeploy.at <= since ? 'before' : 'after';
  return `Last deploy: version ${lastDeploy.version} at ${timeWords(lastDeploy.at)}, ${apart} ${order}.`;
}

/** `2001-04-01 14:05 UTC`. */
export const timeWords = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
