/** Drift of each feature in each window: a darker cell is a larger effect, a cross in it says drift. */
import type {DriftReport, MonitorWindow} from 'millrace/protocol';
import {useState} from 'react';
import {ratio} from '../format/numbers.ts';
import {useTimes} from '../format/times.ts';
import {Go} from '../parts/page.tsx';
import {FULL_EFFECT, HeatRow} from './heat-row.tsx';
import {useWidth} from './use-width.ts';

export function HeatStrip({windows, subjects}: {windows: readonly MonitorWindow[]; subjects: readonly string[]}) {
  const [box, width] = useWidth<HTMLDivElement>();
  const times = useTimes();
  const [under, setUnder] = useState<string | null>(null);
  const names = width < 620 ? 132 : 200;
  const reports = windows.map(
    window => new Map([window.prediction, ...window.drift].map(report => [report.subject, report])),
  );
  return (
    <figure className="chart">
      <div ref={box} className="heat">
        {width > 0 &&
          subjects.map(subject => (
            <div key={subject} className="heat-row" style={{gridTemplateColumns: `${names}px minmax(0, 1fr)`}}>
              <Go
                to={subject === 'prediction' ? '/monitoring' : `/features/${encodeURIComponent(subject)}`}
                className="bare"
                title={subject}
              >
                {subject}
              </Go>
              <HeatRow
                reports={reports.map(report => report.get(subject))}
                name={`${subject}: ${inWords(reports, subject)}`}
                width={width - names}
                onPoint={i =>
                  setUnder(
                    i === null
                      ? null
                      : reading(times.short(windows[i]?.from ?? null), subject, reports[i]?.get(subject)),
                  )
                }
              />
            </div>
          ))}
      </div>
      <p className="readout">
        {under ??
          `${times.short(windows[0]?.from ?? null)} – ${times.short(windows.at(-1)?.to ?? null)} ${times.zoneName}. Darker: larger PSI, full at ${FULL_EFFECT}. × drift, · too few rows.`}
      </p>
    </figure>
  );
}

function reading(day: string, subject: string, report: DriftReport | undefined): string {
  return report === undefined
    ? `${day}: ${subject} was not measured`
    : `${day}: ${subject}, ${report.verdict}, PSI ${ratio(report.effect)}, n\u00a0${report.rows}`;
}

function inWords(reports: readonly Map<string, DriftReport>[], subject: string): string {
  const drifting = reports.filter(report => report.get(subject)?.verdict === 'drift').length;
  return `drift in ${drifting} of ${reports.length} windows`;
}
