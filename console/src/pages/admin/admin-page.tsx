/** Who may ask this server for what, and who changed what. */
import type {ApiKeyList, AuditPage} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {queries, useAudit, useKeyList} from '../../data/queries.ts';
import {signOut, useSession} from '../../data/session.ts';
import {plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {Figure, Figures} from '../../parts/figures.tsx';
import type {Level} from '../../parts/meaning.tsx';
import {Page} from '../../parts/page.tsx';
import {AuditTable} from './audit-table.tsx';
import {stateOf} from './key-state.ts';
import {KeysTable} from './keys-table.tsx';
import {NewKey} from './new-key.tsx';

export function AdminPage() {
  const [keys, audit] = [useKeyList(), useAudit()];
  return (
    <Await reads={{keys}} title="Admin">
      {got => <Content list={got.keys} newest={audit.data?.pages[0]} />}
    </Await>
  );
}

function Content({list, newest}: {list: ApiKeyList; newest: AuditPage | undefined}) {
  const times = useTimes();
  const {key} = useSession();
  const inForce = list.keys.filter(each => stateOf(each, Date.now()).state === 'in force');
  const admins = inForce.filter(({scopes}) => scopes.includes('admin'));
  const used = Math.max(0, ...list.keys.map(({lastUsedAt}) => lastUsedAt ?? 0));
  const last = newest?.entries[0];
  return (
    <Page title="Admin" verdict={verdictOf(list, inForce.length, admins.length)}>
      <Figures>
        <Figure
          title="Keys in force"
          value={`${inForce.length}`}
          note={`of ${list.keys.length} ever made`}
          to="/admin#keys"
        />
        <Figure title="Admin keys" value={`${admins.length}`} note="may change everything" to="/admin#keys" />
        <Figure
          title="Last request with a key"
          value={used === 0 ? '–' : times.short(used)}
          note={used === 0 ? 'no key was used yet' : `${times.minute(used)} ${times.zoneName}, to the minute`}
        />
        <Figure
          title="Last change"
          value={last ? last.action : '–'}
          note={last ? `${times.minute(last.at)} ${times.zoneName}, by ${last.who}` : 'none is recorded'}
          to="/admin#audit"
        />
      </Figures>
      <KeysTable keys={list.keys} />
      <NewKey required={list.required} />
      <AuditTable />
      {key !== null && (
        <p>
          <button
            type="button"
            className="button"
            onClick={() => {
              signOut();
              queries.clear();
            }}
          >
            Sign out
          </button>
        </p>
      )}
    </Page>
  );
}

function verdictOf({required}: ApiKeyList, inForce: number, admins: number): {level: Level; sentence: string} {
  if (!required)
    return {
      level: 'watch',
      sentence: 'No key was made yet: everyone who can reach this server may do everything.',
    };
  if (admins === 0)
    return {
      level: 'watch',
      sentence: `Requests need a key, and no admin key is in force: keys are made on the machine of the server.`,
    };
  return {level: 'good', sentence: `Requests need a key; ${plural(inForce, 'key is', 'keys are')} in force.`};
}
