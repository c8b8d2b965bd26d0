// Incidents as the terminal prints them.
import type {Incident, IncidentDetail} from '../../protocol/index.ts';
import {metric, moment} from '../terminal/figures.ts';
import {table} from '../terminal/table.ts';
import type {Terminal} from '../terminal/terminal.ts';

type Style = Terminal['style'];

export function incidentTable(incidents: readonly Incident[], style: Style): string[] {
  if (incidents.length === 0) return [style.green('There are no such incidents.')];
  const titles = ['id', 'severity', 'since (UTC)', 'state', 'what'].map(title => ({title}));
  return table(
    titles,
    incidents.map(incident => [
      incident.id,
      severityOf(incident, style),
      moment(incident.since),
      stateOf(incident),
      incident.title,
    ]),
    style.dim,
  );
}

const severityOf = ({severity}: Incident, {red, yellow}: Style): string =>
  severity === 'page' ? red(severity) : yellow(severity);

function stateOf({resolvedAt, silencedBy, acknowledgedBy}: Incident): string {
  if (resolvedAt !== null) return 'resolved';
  if (silencedBy !== null) return 'silenced';
  return acknowledgedBy === null ? 'open' : `open, ${acknowledgedBy}`;
}

export function incidentLines({incident, alerts, deliveries}: IncidentDetail, style: Style): string[] {
  const {bold, dim} = style;
  const {id, title, summary, cause, features, inhibited, timeline, feedback} = incident;
  const reasons = new Map(inhibited.map(({alert, reason}) => [alert, reason]));
  const section = (name: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', bold(name), ...lines];
  return [
    `${bold(id)}  ${severityOf(incident, style)}  ${stateOf(incident)}  ${dim(`${cause.kind} ${cause.name}`)}`,
    title,
    summary,
    ...(feedback === null ? [] : [dim(`Called ${feedback.verdict} by ${feedback.by}.`)]),
    ...section(
      'Alerts',
      alerts.map(alert => {
        const ended = alert.resolvedAt === null ? '' : `, resolved ${moment(alert.resolvedAt)}`;
        const reason = reasons.get(alert.id);
        return `  ${alert.severity.padEnd(6)} ${alert.title} ${dim(`${moment(alert.openedAt)}${ended}`)}${reason === undefined ? '' : dim(` · not sent: ${reason}`)}`;
      }),
    ),
    ...section(
      'Features',
      features.length === 0
        ? []
        : table(
            [
              {title: 'feature'},
              {title: 'effect', align: 'right'},
              {title: 'importance', align: 'right'},
              {title: 'estimated change', align: 'right'},
            ],
            features
              .slice(0, 10)
              .map(one => [one.feature, metric(one.effect), metric(one.importance), metric(one.estimatedChange, 4)]),
            dim,
          ),
    ),
    ...section(
      'What happened',
      timeline.map(({at, message}) => `  ${dim(moment(at))}  ${message}`),
    ),
    ...section(
      'Who was told',
      deliveries.map(({createdAt, channel, event, state, attempts, problem}) => {
        const tries = attempts > 1 ? ` after ${attempts} attempts` : '';
        return `  ${dim(moment(createdAt))}  ${channel}: ${event}, ${state}${tries}${problem === null ? '' : `. ${problem}`}`;
      }),
    ),
  ];
}
