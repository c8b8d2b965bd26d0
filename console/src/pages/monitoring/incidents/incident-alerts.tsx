/** What it is made of: the alerts that speak, and those that are held back because another explains them. */
import type {Alert, Incident} from 'millrace/protocol';
import {Section} from '../../../parts/page.tsx';
import {AlertList} from '../../../windows/alert-list.tsx';

type Props = {readonly incident: Incident; readonly alerts: readonly Alert[]; readonly clock: number};

export function IncidentAlerts({incident, alerts, clock}: Props) {
  const reasons = new Map(incident.inhibited.map(({alert, reason}) => [alert, reason]));
  const speaking = alerts.filter(({id}) => !reasons.has(id));
  const held = alerts.filter(({id}) => reasons.has(id));
  const open = speaking.filter(({resolvedAt}) => resolvedAt === null).length;
  return (
    <>
      <Section id="alerts" title="Alerts" aside={`${open} open, ${speaking.length - open} resolved`}>
        <AlertList alerts={[...speaking].reverse()} clock={clock} />
      </Section>
      {held.length > 0 && (
        <Section title="Held back" aside="nobody is told of these: another alert explains them">
          <ul className="plain-list">
            {held.map(({id, title, severity}) => (
              <li key={id}>
                {title} <span className="muted">({severity})</span>
                <p className="muted small">{reasons.get(id)}</p>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
