/** The four questions that an incident is opened with. */
import type {Incident} from 'millrace/protocol';
import {formatDuration} from 'millrace/protocol';
import type {ReactNode} from 'react';
import {count, percent, plural} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {Go} from '../../../parts/page.tsx';
import {causeLink, changeWords, sliceWords} from '../../../windows/incident-words.ts';

export function IncidentAnswers({incident}: {incident: Incident}) {
  return (
    <dl className="questions">
      <Question title="How big is it?">
        <HowBig incident={incident} />
      </Question>
      <Question title="Where does it come from?">
        <Cause incident={incident} />
      </Question>
      <Question title="What came before it?">
        <Deploy incident={incident} />
      </Question>
      <Question title="What to do?">
        <ToDo incident={incident} />
      </Question>
    </dl>
  );
}

function Question({title, children}: {title: string; children: ReactNode}) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <span>{children}</span>
      </dd>
    </div>
  );
}

function HowBig({incident}: {incident: Incident}) {
  const {cost, slices} = incident;
  const parts = [
    changeWords(incident) ?? 'No change of performance is known',
    cost === null ? '' : `about ${count(cost.amount)} ${cost.unit} a window`,
    slices.length === 0 ? '' : `in ${sliceWords(slices)}`,
  ];
  return <>{parts.filter(part => part !== '').join('; ')}.</>;
}

function Cause({incident: {cause, model, features}}: {incident: Incident}) {
  const {text, to} = causeLink(cause, model);
  const [first] = features;
  const weight = features.reduce((sum, {importance}) => sum + importance, 0);
  return (
    <>
      <Go to={to}>{text}</Go>
      {first && (
        <>
          , most of all by <Go to={`/features/${encodeURIComponent(first.feature)}`}>{first.feature}</Go>;{' '}
          {plural(features.length, 'feature')} with {percent(weight)} of the model’s importance
        </>
      )}
      .
    </>
  );
}

function Deploy({incident: {lastDeploy, since, model}}: {incident: Incident}) {
  const times = useTimes();
  if (lastDeploy === null) return <>No deploy is known.</>;
  const apart = formatDuration(Math.max(60_000, Math.round(Math.abs(since - lastDeploy.at) / 60_000) * 60_000));
  return (
    <>
      The deploy of <Go to={`/models/${encodeURIComponent(model)}/${lastDeploy.version}`}>v{lastDeploy.version}</Go> on{' '}
      {times.minute(lastDeploy.at)} {times.zoneName}, {apart} {lastDeploy.at <= since ? 'before' : 'after'} its start.
    </>
  );
}

function ToDo({incident: {runbook, resolvedAt, model}}: {incident: Incident}) {
  if (runbook !== null && /^https?:\/\//.test(runbook))
    return (
      <>
        <a href={runbook} rel="noreferrer" target="_blank">
          Open the runbook
        </a>{' '}
        of {model}.
      </>
    );
  if (runbook !== null) return <>Runbook: {runbook}</>;
  if (resolvedAt !== null) return <>Nothing: say below whether it was worth telling.</>;
  return (
    <>
      No runbook is written: name one in <code>monitorPolicy({'{runbook: …}'})</code>.
    </>
  );
}
