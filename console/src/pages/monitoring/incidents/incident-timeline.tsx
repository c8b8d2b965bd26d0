import type {Incident} from 'millrace/protocol';
import {useTimes} from '../../../format/times.ts';
import {Section} from '../../../parts/page.tsx';

/** What happened to it, oldest first. */
export function IncidentTimeline({incident: {timeline}}: {incident: Incident}) {
  const times = useTimes();
  return (
    <Section title="Timeline" aside={times.zoneName}>
      <ol className="timeline">
        {timeline.map(({at, message}, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages are only added.
          <li key={i}>
            <time dateTime={new Date(at).toISOString()}>{times.minute(at)}</time>
            <span>{message}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
