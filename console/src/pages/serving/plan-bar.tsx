import type {ReleasePlan} from 'millrace/protocol';
import {versionColour} from '../../charts/colours.ts';
import {percent} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {Go, Section} from '../../parts/page.tsx';

/** Who answers which share of the traffic, as one bar. */
export function PlanBar({plan}: {plan: ReleasePlan}) {
  const times = useTimes();
  return (
    <Section title="Release plan" aside={`revision ${plan.revision}, since ${times.minute(plan.at)} ${times.zoneName}`}>
      <div className="plan" aria-hidden="true">
        {plan.arms
          .filter(arm => arm.share > 0)
          .map(arm => (
            <span key={arm.version} style={{flexGrow: arm.share, background: `var(${versionColour(arm.version)})`}} />
          ))}
      </div>
      <ul className="arms">
        {plan.arms.map(arm => (
          <li key={arm.version}>
            <svg width="10" height="10" aria-hidden="true">
              <rect
                width="10"
                height="10"
                fill={arm.share > 0 ? `var(${versionColour(arm.version)})` : 'none'}
                stroke={`var(${versionColour(arm.version)})`}
                strokeWidth="2"
              />
            </svg>
            <Go to={`/models/${encodeURIComponent(plan.model)}/${arm.version}`}>v{arm.version}</Go>
            <span>
              {arm.role}, {arm.role === 'shadow' ? 'answers nobody' : percent(arm.share)}
            </span>
          </li>
        ))}
      </ul>
      <p className="muted">{plan.reason}</p>
    </Section>
  );
}
