/** Project, clock and time range with their zone, search, theme. */
import {useLive} from '../data/live.tsx';
import {useOverview} from '../data/queries.ts';
import {started, useTimes} from '../format/times.ts';
import {MoonIcon, SearchIcon, SunIcon} from './places.tsx';
import {RANGES, useRange} from './range.ts';
import {useSetting} from './setting.ts';
import {useTheme} from './theme.ts';

export function TopBar({onSearch}: {onSearch: () => void}) {
  const overview = useOverview().data;
  const [theme, switchTheme] = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header className="bar">
      <span className="bar-project">{overview?.project ?? 'Millrace'}</span>
      <Clock fallback={overview?.clock ?? null} />
      <span className="bar-space" />
      <RangeChoice />
      <button type="button" className="button" onClick={onSearch} aria-label="Search" aria-keyshortcuts="/ Control+K">
        <SearchIcon />
        <span className="wide">Search</span>
        <kbd className="wide">/</kbd>
      </button>
      <button
        type="button"
        className="button quiet"
        onClick={switchTheme}
        aria-label={`Switch to the ${other} theme`}
        title={`Switch to the ${other} theme`}
      >
        {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
      </button>
    </header>
  );
}

/** The project's own clock, which a replay moves faster than the wall's. */
function Clock({fallback}: {fallback: number | null}) {
  const {tick} = useLive();
  const times = useTimes();
  const [zone, setZone] = useSetting('zone', 'UTC');
  const clock = started(tick?.clock ?? fallback);
  return (
    <span className="bar-clock">
      <time {...(clock === null ? {} : {dateTime: new Date(clock).toISOString()})} title="The project's clock">
        {clock === null ? 'clock not started' : times.minute(clock)}
      </time>{' '}
      <button
        type="button"
        className="zone"
        onClick={() => setZone(zone === 'local' ? 'UTC' : 'local')}
        title={`Times are shown in ${times.zoneName}. Switch to ${zone === 'local' ? 'UTC' : "this browser's zone"}.`}
      >
        {times.zoneName}
      </button>
    </span>
  );
}

function RangeChoice() {
  const {range, choice, choose} = useRange();
  const times = useTimes();
  return (
    <label className="range">
      <span className="hidden">Time range</span>
      <select className="button" value={choice} onChange={event => choose(event.target.value)}>
        <option value="all">All time</option>
        {Object.entries(RANGES).map(([key, {title}]) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
        {choice === 'brushed' && range && (
          <option value="brushed">
            {times.short(range.from)} – {times.short(range.to)}
          </option>
        )}
      </select>
    </label>
  );
}
