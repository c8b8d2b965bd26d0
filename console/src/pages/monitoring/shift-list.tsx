/** Changes by their names: which distribution moved, how, and since when. */
import type {MonitorWindow, Shift} from 'millrace/protocol';
import {useTimes} from '../../format/times.ts';
import {Go, Section} from '../../parts/page.tsx';

const KINDS: Record<Shift['kind'], string> = {
  covariate: 'Inputs moved',
  label: 'The base rate moved',
  concept: 'The same inputs lead to other outcomes',
  schema: 'Values of another kind',
};

export function ShiftList({windows}: {windows: readonly MonitorWindow[]}) {
  const times = useTimes();
  const window = windows.findLast(({shifts}) => shifts !== undefined);
  const shifts = window?.shifts ?? [];
  if (shifts.length === 0) return null;
  const features = new Set(window?.drift.map(({subject}) => subject));
  return (
    <Section title="What moved" aside={window && `as of the window of ${times.short(window.from)}`}>
      <ul className="plain-list shifts">
        {shifts.map(shift => (
          <li key={`${shift.kind} ${shift.subjects.join()}`}>
            <p>
              <strong>{KINDS[shift.kind]}</strong>
              {shift.pattern === 'unclear'
                ? ''
                : `, ${shift.pattern === 'seasonal' ? 'with the season' : `${shift.pattern}ly`}`}
              . {shift.message}
            </p>
            <p className="muted small">
              Since {times.minute(shift.since)} {times.zoneName}
              {shift.subjects.some(subject => features.has(subject)) && ': '}
              {shift.subjects
                .filter(subject => features.has(subject))
                .map((subject, i) => (
                  <span key={subject}>
                    {i > 0 && ', '}
                    <Go to={`/features/${encodeURIComponent(subject)}`}>{subject}</Go>
                  </span>
                ))}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
