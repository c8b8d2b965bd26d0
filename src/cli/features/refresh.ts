import {RefreshedViews, viewsInUse} from '../../app/index.ts';
import type {ReaderOptions} from '../options.ts';
import {count} from '../terminal/figures.ts';
import type {Terminal} from '../terminal/terminal.ts';
import {withRuntime} from '../with-runtime.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Makes the cuts that are due, and says what stands. Throws STORE_BUSY while a server has the folder open, STORE_FAILED. */
export async function refresh(options: ReaderOptions & {readonly json?: true}, terminal: Terminal): Promise<void> {
  const stands = await withRuntime(options, async runtime => {
    const views = await RefreshedViews.open(runtime, (await viewsInUse(runtime)).refreshed);
    await views.tick(runtime.clock.now());
    return views.status();
  });
  if (options.json)
    terminal.printJson(
      stands.map(({view, refresh: {everyMs, delayMs}, newest, due}) => ({
        view: view.name,
        everyMs,
        delayMs,
        newest,
        due,
      })),
    );
  else if (stands.length === 0) terminal.print('No view of the project is read as of cuts.');
  for (const {
    view,
    newest,
    refresh: {delayMs},
    due,
  } of options.json ? [] : stands)
    terminal.print(
      `${view.name}  cut of ${iso(newest!.cut)}, read from ${iso(newest!.cut + delayMs)}, ${count(newest!.keys)} keys; the next one is due at ${iso(due)}`,
    );
}
