import type {Page} from '../windows/event-pages.ts';
import type {KeyState} from '../windows/key-state.ts';
import {encodePage} from '../windows/packed-page.ts';
import {encodeState} from '../windows/packed-state.ts';
import type {StreamExecutor} from './executor.ts';
import {codesKey, encodeJson, pageKey, recordKey, stateKey, storedHeld, type ViewRecord} from './stored-view.ts';
import type {ViewState} from './view-state.ts';

/** What one transaction writes. */
export type Entries = [string, Uint8Array | undefined][];

/** What was put into the entries of one view, and has to be told whether it was written. */
export type Taken = {
  readonly state: ViewState;
  readonly keys: readonly KeyState[];
  readonly pages: readonly Page[];
  readonly gone: readonly {readonly of: KeyState; readonly pages: readonly number[]}[];
  readonly codes: number;
};

/** Adds to the entries all that changed in a view; it counts as unchanged from here on. */
export function takeChanges(executor: StreamExecutor, state: ViewState, entries: Entries): Taken {
  const {stored, states, codes} = state;
  if (stored === null) throw new TypeError(`View '${state.view.name}' was not opened from a store.`);
  const {number} = stored;
  const keys = states.takeDirty();
  const pages: Page[] = [];
  const gone: {of: KeyState; pages: readonly number[]}[] = [];
  for (const each of keys) {
    entries.push([stateKey(number, each.key), encodeState(each)]);
    const {pages: paged} = each.events;
    if (paged === null) continue;
    for (const page of paged.list) {
      if (!page.dirty) continue;
      entries.push([pageKey(number, each.key, page.number), encodePage(page)]);
      page.dirty = false;
      page.saving = true;
      pages.push(page);
    }
    if (paged.gone.length === 0) continue;
    for (const page of paged.gone) entries.push([pageKey(number, each.key, page), undefined]);
    gone.push({of: each, pages: paged.gone.splice(0)});
  }
  if (codes.strings.length > stored.codes)
    entries.push([codesKey(number, stored.codes), encodeJson(codes.strings.slice(stored.codes))]);
  const record: ViewRecord = {
    number,
    position: executor.position,
    clock: Number.isFinite(executor.clock) ? executor.clock : null,
    codes: codes.strings.length,
    held: executor.held.filter(({view}) => view === state.key).map(storedHeld),
    filling: state.filling !== null,
  };
  entries.push([recordKey(state.key), encodeJson(record)]);
  return {state, keys, pages, gone, codes: record.codes};
}

/** Tells a view whether what was taken from it was written. */
export function settleChanges({state, keys, pages, gone, codes}: Taken, done: boolean): void {
  state.states.saved(keys, done);
  for (const page of pages) {
    page.saving = false;
    if (!done) page.dirty = true;
  }
  if (done) state.stored!.codes = codes;
  else for (const {of, pages: numbers} of gone) of.events.pages?.gone.push(...numbers);
}
