/** Light, dark, or as the system says; the choice is remembered. */
import {useEffect, useSyncExternalStore} from 'react';
import {useSetting} from './setting.ts';

export type Theme = 'light' | 'dark';

const dark = matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
}

/** The theme in effect, and the switch to the other one. Charts redraw when it changes. */
export function useTheme(): [Theme, () => void] {
  const [setting, set] = useSetting('theme', 'system');
  const systemDark = useSyncExternalStore(subscribe, () => dark.matches);
  const theme: Theme = setting === 'light' || setting === 'dark' ? setting : systemDark ? 'dark' : 'light';
  useEffect(() => {
    if (setting === 'light' || setting === 'dark') document.documentElement.dataset.theme = setting;
  }, [setting]);
  return [theme, () => set(theme === 'dark' ? 'light' : 'dark')];
}
