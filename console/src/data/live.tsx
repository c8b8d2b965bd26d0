/** One live stream for the whole page: its newest tick, and whether it still flows. */
import type {ClientError, LiveState} from 'millrace/client';
import type {LiveTick} from 'millrace/protocol';
import {createContext, type ReactNode, useContext, useEffect, useRef, useState} from 'react';
import {client, queries} from './queries.ts';
import {noteRefusal} from './session.ts';

export type Live = {readonly tick: LiveTick | null; readonly state: LiveState; readonly reason: ClientError | null};

const LiveContext = createContext<Live>({tick: null, state: 'connecting', reason: null});

/** Lists are read again as soon as the revision moves, but at most this often. */
const REREAD_MS = 2_000;

export function LiveProvider({children}: {children: ReactNode}) {
  const [live, setLive] = useState<Live>({tick: null, state: 'connecting', reason: null});
  const newest = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(() => {
    let due = false;
    const reread = () => {
      due = timer.current !== null;
      if (due) return;
      void queries.invalidateQueries();
      timer.current = setTimeout(() => {
        timer.current = null;
        if (due) reread();
      }, REREAD_MS);
    };
    let broke = false;
    const subscribe = () =>
      client.live({
        onState: (state, reason) => {
          if (state === 'broken') broke = true;
          noteRefusal(reason);
          if (state === 'open' && broke) {
            broke = false;
            void queries.invalidateQueries();
          }
          // An attempt after a break stays `broken` to the eye until it succeeds.
          setLive(old => (state === 'connecting' && broke ? old : {tick: old.tick, state, reason}));
        },
        onTick: tick => {
          const seen = `${tick.revision} ${tick.stage?.name ?? ''}`;
          if (newest.current !== null && newest.current !== seen) reread();
          newest.current = seen;
          setLive({tick, state: 'open', reason: null});
        },
      });
    // A browser opens only six connections to a server: a page that nobody sees gives its one back.
    let subscription = document.hidden ? null : subscribe();
    const onVisibility = () => {
      subscription?.close();
      subscription = document.hidden ? null : subscribe();
    };
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      subscription?.close();
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    };
  }, []);

  return <LiveContext value={live}>{children}</LiveContext>;
}

export const useLive = (): Live => useContext(LiveContext);
