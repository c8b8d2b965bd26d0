import {ESTIMATED} from '../charts/colours.ts';

/** What the vertical marks mean. */
export function MarksKey({estimated = false}: {estimated?: boolean}) {
  return (
    <p className="legend">
      <span>
        <Stroke dash="" colour="var(--n7)" /> v deploy
      </span>
      <span>
        <Stroke dash="4 3" colour="var(--accent)" /> ↻ retrain
      </span>
      <span>
        <Stroke dash="1 3" colour="var(--bad)" /> ! incident
      </span>
      <span>
        <svg width="14" height="12" aria-hidden="true">
          <path d="M-2 12 10-0M4 14 16 2M-8 12 4-0" stroke="var(--n5)" />
        </svg>
        labels not complete
      </span>
      {estimated && (
        <span>
          <svg width="16" height="12" aria-hidden="true">
            <rect y="2" width="16" height="8" fill={`var(${ESTIMATED})`} opacity="0.14" />
            <path d="M0 6H16" stroke={`var(${ESTIMATED})`} strokeWidth="1.5" strokeDasharray="4 3" />
          </svg>
          estimated before labels, with its 95 % interval
        </span>
      )}
      <span>Drag to choose a time range, double-click to see all.</span>
    </p>
  );
}

function Stroke({dash, colour}: {dash: string; colour: string}) {
  return (
    <svg width="4" height="14" aria-hidden="true">
      <path d="M2 0V14" stroke={colour} strokeWidth="1.5" strokeDasharray={dash} />
    </svg>
  );
}
