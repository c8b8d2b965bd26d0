/** One incident: what, since when, how big, why, who knows, and what can be done about it. */
import type {IncidentDetail, Overview} from 'millrace/protocol';
import {formatDuration} from 'millrace/protocol';
import {Await} from '../../../data/await.tsx';
import {useIncident, useOverview} from '../../../data/queries.ts';
import {useTimes} from '../../../format/times.ts';
import {CopyButton} from '../../../parts/copy-button.tsx';
import {Page, Section} from '../../../parts/page.tsx';
import {incidentLevel} from '../../../windows/incident-words.ts';
import {DeliveriesTable} from './deliveries-table.tsx';
import {IncidentActions} from './incident-actions.tsx';
import {IncidentAlerts} from './incident-alerts.tsx';
import {IncidentAnswers} from './incident-answers.tsx';
import {IncidentTimeline} from './incident-timeline.tsx';
import {RankedFeatures} from './ranked-features.tsx';

const CRUMBS = [
  {title: 'Monitoring', path: '/monitoring'},
  {title: 'Incidents', path: '/monitoring#incidents'},
];

export function IncidentPage({id}: {id: string}) {
  const detail = useIncident(id);
  const overview = useOverview();
  return (
    <Await reads={{detail, overview}} title="Incident">
      {got => <Content {...got} />}
    </Await>
  );
}

function Content({detail, overview}: {detail: IncidentDetail; overview: Overview}) {
  const {incident, alerts, deliveries} = detail;
  const times = useTimes();
  return (
    <Page title={incident.title} crumbs={CRUMBS} verdict={useVerdict(detail, overview.clock)}>
      <IncidentAnswers incident={incident} />
      <IncidentActions incident={incident} clock={overview.clock} />
      <RankedFeatures detail={detail} />
      <IncidentAlerts incident={incident} alerts={alerts} clock={overview.clock} />
      <div className="columns">
        <IncidentTimeline incident={incident} />
        <Section
          title="What people are told"
          aside={`as of ${times.minute(incident.updatedAt)} ${times.zoneName}`}
          tools={<CopyButton quiet text={`${incident.title}\n\n${incident.summary}`} />}
        >
          <p className="told">{incident.summary}</p>
        </Section>
      </div>
      <DeliveriesTable deliveries={deliveries} />
    </Page>
  );
}

function useVerdict({incident}: IncidentDetail, clock: number) {
  const times = useTimes();
  const {since, resolvedAt, severity, owner, acknowledgedBy, silencedBy} = incident;
  const at = `${times.minute(since)} ${times.zoneName}`;
  const length = formatDuration(Math.max(60_000, Math.floor(((resolvedAt ?? clock) - since) / 60_000) * 60_000));
  const who = owner === '' ? 'Nobody owns it' : `Owner: ${owner}`;
  if (resolvedAt !== null)
    return {
      level: 'good',
      sentence: `Resolved after ${length}: from ${at} to ${times.minute(resolvedAt)} ${times.zoneName}. ${who}.`,
    } as const;
  const heard =
    silencedBy !== null
      ? 'Silenced: nobody is told.'
      : acknowledgedBy === null
        ? 'Nobody has taken it yet.'
        : `${acknowledgedBy} works on it.`;
  return {
    level: incidentLevel(incident),
    sentence: `Open since ${at}, for ${length}. It is a ${severity}. ${who}. ${heard}`,
  };
}
