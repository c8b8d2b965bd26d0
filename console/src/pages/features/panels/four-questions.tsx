/** What people open a feature with: is it healthy, what changed, why, what do I do. */
import type {DriftReport, FeatureDetail, FeatureReader, MonitorWindow} from 'millrace/protocol';
import {percent, plural, ratio} from '../../../format/numbers.ts';
import {type Times, useTimes} from '../../../format/times.ts';
import {type Level, Shape} from '../../../parts/meaning.tsx';
import {DRIFT_LEVEL, reportOf} from '../../../windows/drift.ts';

type Answer = {readonly question: string; readonly level: Level | null; readonly text: string};

type Props = {
  readonly detail: FeatureDetail;
  /** Monitored windows, oldest first. */
  readonly windows: readonly MonitorWindow[];
  readonly mismatches: number | null;
};

export function FourQuestions(props: Props) {
  const times = useTimes();
  return (
    <dl className="questions">
      {answersOf(props, times).map(({question, level, text}) => (
        <div key={question}>
          <dt>{question}</dt>
          <dd>
            {level !== null && <Shape level={level} size={10} />}
            <span>{text}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function answersOf({detail, windows, mismatches}: Props, times: Times): Answer[] {
  const report = reportOf(windows.at(-1), detail.feature.name);
  const since = driftsSince(detail.feature.name, windows);
  const reader = detail.readers.find(candidate => candidate.inUse);
  return [
    healthy(report, mismatches, windows.length),
    {question: 'What changed?', level: null, text: changed(detail, times)},
    {question: 'Why?', level: null, text: why(detail, report, since, times)},
    {question: 'What to do?', level: null, text: toDo(detail, report, mismatches, reader)},
  ];
}

function healthy(report: DriftReport | null, mismatches: number | null, windows: number): Answer {
  const question = 'Is it healthy?';
  if (mismatches !== null && mismatches > 0)
    return {question, level: 'bad', text: `No: ${plural(mismatches, 'served value')} differ from a recomputation.`};
  const agrees = mismatches === 0 ? ' Served values equal a recomputation.' : '';
  if (report === null)
    return {
      question,
      level: 'unknown',
      text: `${windows === 0 ? 'Nothing has been monitored yet.' : 'It is left out of monitoring.'}${agrees}`,
    };
  const words = {
    stable: 'Yes: it looks like the training set.',
    drift: `It drifts: PSI ${ratio(report.effect)}.`,
    'insufficient data': 'Too few rows to tell.',
  };
  return {question, level: DRIFT_LEVEL[report.verdict], text: words[report.verdict] + agrees};
}

/** Start of the first of the newest windows in a row that drift; null if the newest does not. */
function driftsSince(name: string, windows: readonly MonitorWindow[]): number | null {
  const calm = windows.findLastIndex(window => reportOf(window, name)?.verdict !== 'drift');
  return windows[calm + 1]?.from ?? null;
}

function changed({definition}: FeatureDetail, times: Times): string {
  const [newest] = definition?.versions ?? [];
  if (!definition || !newest) return 'No version of its definition has been kept yet.';
  const {of, name, current, currentSince} = definition;
  const what = of === 'view' ? `view ${name}` : `feature set ${name}`;
  if (current === null) return `The project file no longer defines the ${what}, since ${times.day(currentSince)}.`;
  if (definition.versions.length === 1)
    return `Nothing since the ${what} was first seen on ${times.day(newest.firstSeenAt)}.`;
  if (current !== newest.number) return `Back to v${current} of the ${what} on ${times.day(currentSince)}.`;
  const [first, ...more] = newest.changes;
  return `v${newest.number} of the ${what} on ${times.day(newest.firstSeenAt)}: ${first?.sentence ?? 'as before'}${more.length > 0 ? `, and ${more.length} more` : ''}.`;
}

function why({definition}: FeatureDetail, report: DriftReport | null, since: number | null, times: Times): string {
  if (report === null) return 'Nothing has been measured yet that could be explained.';
  if (since === null) return 'It does not drift: there is nothing to explain.';
  const version = definition?.versions.find(({number}) => number === definition.current);
  const drifts = `Drifts since ${times.day(since)}`;
  if (!version || version.changes.length === 0) return `${drifts}. Its definition did not change: the data did.`;
  return version.firstSeenAt > since
    ? `${drifts}, before v${version.number} came: the data changed.`
    : `${drifts}; v${version.number} came on ${times.day(version.firstSeenAt)}. Compare what it changed.`;
}

/** From this share of a model's gain on, drift of a feature is worth a look at the model. */
const MATTERS = 0.05;

function toDo(
  {feature, definition}: FeatureDetail,
  report: DriftReport | null,
  mismatches: number | null,
  reader: FeatureReader | undefined,
): string {
  if (mismatches !== null && mismatches > 0) return 'Find the first prediction that differs, and what it read.';
  if (feature.usedBy.length === 0) return 'Remove it, or let a model read it: none does.';
  if (reader && definition?.current && reader.definition !== null && reader.definition !== definition.current)
    return `Retrain: ${reader.model} v${reader.version} was trained with v${reader.definition}; v${definition.current} is defined now.`;
  if (report?.verdict === 'drift' && reader)
    return reader.importance >= MATTERS
      ? `Look at ${reader.model}: it carries ${percent(reader.importance)} of its gain.`
      : `Nothing yet: it carries ${percent(reader.importance)} of the gain of ${reader.model}.`;
  return report === null ? 'Nothing yet.' : 'Nothing.';
}
