/** Search over everything: type, choose with the arrows, open with Enter. */
import {type KeyboardEvent, useMemo, useState} from 'react';
import {useLocation} from 'wouter';
import {useAlerts, useFeatures, useIncidents, useRetrains, useVersions} from '../data/queries.ts';
import {Modal} from './modal.tsx';
import {matching, searchItems} from './search-items.ts';
import {useCarried} from './url-state.ts';

export function Search({onClose}: {onClose: () => void}) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [, navigate] = useLocation();
  const carried = useCarried();
  const versions = useVersions().data;
  const features = useFeatures().data;
  const alerts = useAlerts().data;
  const incidents = useIncidents().data;
  const retrains = useRetrains().data;
  const items = useMemo(
    () =>
      searchItems({
        versions: versions ?? [],
        features: features ?? [],
        alerts: alerts ?? [],
        incidents: incidents ?? [],
        retrains: retrains ?? [],
      }),
    [versions, features, alerts, incidents, retrains],
  );
  const hits = matching(items, text);
  const open = (index: number) => {
    const hit = hits[index];
    if (!hit) return;
    onClose();
    navigate(carried(hit.path));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setChosen((chosen + step + hits.length) % Math.max(1, hits.length));
    else if (event.key === 'Enter') open(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <Modal label="Search" onClose={onClose}>
      <input
        className="search-field"
        type="text"
        role="combobox"
        aria-label="Search models, features, incidents and pages"
        aria-expanded="true"
        aria-controls="search-hits"
        aria-activedescendant={hits.length > 0 ? `hit-${chosen}` : undefined}
        placeholder="Models, features, incidents, pages"
        autoComplete="off"
        value={text}
        onChange={event => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="search-hits" role="listbox" aria-label="Found" className="hits">
        {hits.map((hit, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the chosen option.
          // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field opens the chosen option.
          <div key={hit.path} id={`hit-${i}`} role="option" aria-selected={i === chosen} onClick={() => open(i)}>
            <span className="kind">{hit.kind}</span>
            <span className="hit-title">{hit.title}</span>
            <span className="hit-detail">{hit.detail}</span>
          </div>
        ))}
      </div>
      {hits.length === 0 && (
        <p className="muted none" role="status">
          Nothing is called “{text}”. Try part of a feature's name, or a version such as v2.
        </p>
      )}
    </Modal>
  );
}
