/** Which window the levels show: the newest unless the address names another. */
import type {MonitorWindow} from 'millrace/protocol';
import {useTimes} from '../../../format/times.ts';
import {useParam} from '../../../frame/url-state.ts';

export function WindowChoice({windows, window}: {windows: readonly MonitorWindow[]; window: MonitorWindow}) {
  const times = useTimes();
  const [, choose] = useParam('window');
  const at = windows.indexOf(window);
  const go = (index: number) => choose(index === windows.length - 1 ? null : (windows[index]?.id ?? null));
  const isDaily = window.to - window.from >= 86_400_000;
  return (
    <span className="window-choice">
      <button
        type="button"
        className="button"
        aria-label="The window before"
        disabled={at === 0}
        onClick={() => go(at - 1)}
      >
        ←
      </button>
      <select
        className="button"
        aria-label="Window"
        value={window.id}
        onChange={event => go(windows.findIndex(({id}) => id === event.target.value))}
      >
        {[...windows].reverse().map((one, i) => (
          <option key={one.id} value={one.id}>
            {isDaily ? times.day(one.from) : times.minute(one.from)}
            {i === 0 ? ', the newest' : ''}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button"
        aria-label="The window after"
        disabled={at === windows.length - 1}
        onClick={() => go(at + 1)}
      >
        →
      </button>
    </span>
  );
}
