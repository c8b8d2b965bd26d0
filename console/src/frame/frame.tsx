/** What stands around every page. */
import {type ReactNode, useEffect, useMemo, useRef, useState} from 'react';
import {useLocation} from 'wouter';
import {useKeys} from './keys.ts';
import {KeysHelp} from './keys-help.tsx';
import {LiveNotice} from './live-notice.tsx';
import {Rail} from './rail.tsx';
import {Search} from './search.tsx';
import {TopBar} from './top-bar.tsx';

export function Frame({children}: {children: ReactNode}) {
  const [opened, setOpened] = useState<'search' | 'help' | null>(null);
  const open = useMemo(
    () => ({search: () => setOpened('search'), help: () => setOpened('help'), close: () => setOpened(null)}),
    [],
  );
  const [location] = useLocation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useKeys(open);

  useEffect(() => {
    // A new page starts at its top and takes the focus; the first one leaves it to the browser.
    void location;
    if (!first.current) main.current?.focus();
    first.current = false;
    if (window.location.hash === '') scrollTo(0, 0);
  }, [location]);

  return (
    <div className="frame">
      <a className="skip" href="#main">
        To the content
      </a>
      <Rail />
      <div className="column">
        <TopBar onSearch={open.search} />
        <LiveNotice />
        <main id="main" ref={main} tabIndex={-1}>
          {children}
        </main>
      </div>
      {opened === 'search' && <Search onClose={open.close} />}
      {opened === 'help' && <KeysHelp onClose={open.close} />}
    </div>
  );
}
