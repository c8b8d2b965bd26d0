/** Asks for a key where the server wants one. A key is tried before it is kept. */
import {useMutation} from '@tanstack/react-query';
import {ClientError, createClient} from 'millrace/client';
import {type ReactNode, useEffect, useState} from 'react';
import {queries} from '../data/queries.ts';
import {signIn, useSession} from '../data/session.ts';
import {Empty} from '../parts/empty.tsx';
import {Failure} from '../parts/failure.tsx';
import {Mark} from './places.tsx';

/** The console, or the question for a key in its place. */
export function SignedIn({children}: {children: ReactNode}) {
  const {refused} = useSession();
  return refused === null ? children : <SignIn reason={refused} />;
}

function SignIn({reason}: {reason: string}) {
  const [key, setKey] = useState('');
  useEffect(() => {
    document.title = 'Sign in · Millrace';
  }, []);
  const enter = useMutation({
    mutationFn: (tried: string) => createClient({key: tried}).overview(),
    onSuccess: (_, tried) => {
      queries.clear();
      signIn(tried);
    },
  });
  return (
    <main className="sign-in">
      <p className="rail-mark">
        <Mark />
        <span>Millrace</span>
      </p>
      <h1>Sign in</h1>
      <p>{reason} This server shows its console to keys with the scope read; changes need admin.</p>
      <form
        onSubmit={event => {
          event.preventDefault();
          enter.mutate(key.trim());
        }}
      >
        <label htmlFor="key">API key</label>
        <input
          id="key"
          type="password"
          autoComplete="off"
          required
          spellCheck={false}
          placeholder="mrk_…"
          value={key}
          onChange={event => setKey(event.target.value)}
        />
        <button type="submit" className="button main" disabled={enter.isPending}>
          {enter.isPending ? 'Trying' : 'Sign in'}
        </button>
      </form>
      {enter.error && (
        <Failure
          error={enter.error}
          unaffected={
            enter.error instanceof ClientError && enter.error.code === 'FORBIDDEN'
              ? 'The key is in force, but not for reading.'
              : 'The key was not kept.'
          }
        />
      )}
      <Empty
        title="No key at hand?"
        text="Make one on the machine of the server. This tab forgets it when it is closed."
        command="millrace keys create console --scope admin"
        docs="docs/rooms/access.md"
      />
    </main>
  );
}
