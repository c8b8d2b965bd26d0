/** How what the model relies on changed from one version to the next. */
import type {ModelDetail} from 'millrace/protocol';
import {percent, ratio} from '../../../format/numbers.ts';
import {listed} from '../../../format/words.ts';
import {Section} from '../../../parts/page.tsx';

/** The newest first; older ones stand on the pages of their versions. */
const SHOWN = 3;

export function ImportanceMoves({detail: {importanceDrift = []}}: {detail: ModelDetail}) {
  if (importanceDrift.length === 0) return null;
  return (
    <Section title="What versions rely on" aside="share of the importance that went to other features">
      <ul className="plain-list">
        {importanceDrift.slice(0, SHOWN).map(({from, to, moved, spearman, features}) => (
          <li key={`${from} ${to}`}>
            v{from} to v{to}: {percent(moved)} moved
            {spearman !== null && `, ranks correlate by ${ratio(spearman, 2)}`}.{' '}
            <span className="muted">
              Most of all{' '}
              {listed(features.map(({feature, before, now}) => `${feature} ${percent(before)} → ${percent(now)}`))}.
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
