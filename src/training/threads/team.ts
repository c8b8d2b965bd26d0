/**
 * Threads that work in phases. The leader (thread 0) names a phase; every thread runs it on its own part;
 * the leader goes on when all are done. State, in shared memory:
 *   epoch    counts phases; helpers sleep on it
 *   phase    what to run
 *   pending  helpers still at work; the leader sleeps on it
 * A thread that throws leaves the others asleep: whoever started the threads sees its error and ends them all.
 */
const EPOCH = 0;
const PHASE = 1;
const PENDING = 2;
export const TEAM_BYTES = 12;

/** One function per phase, in an order that all threads share. */
export type Phases = readonly (() => void)[];

/** The leader's side: a function that runs phase `index` on all threads. */
export function leadTeam(control: Int32Array, threads: number, phases: Phases): (index: number) => void {
  if (threads === 1) return index => phases[index]!();
  return index => {
    control[PHASE] = index;
    Atomics.store(control, PENDING, threads - 1);
    Atomics.add(control, EPOCH, 1);
    Atomics.notify(control, EPOCH);
    phases[index]!();
    for (let left = Atomics.load(control, PENDING); left > 0; left = Atomics.load(control, PENDING))
      Atomics.wait(control, PENDING, left);
  };
}

/** A helper's side: serves phases until its thread is ended from outside. */
export function serveTeam(control: Int32Array, phases: Phases): never {
  for (let epoch = 0; ; epoch++) {
    // A wake-up may be an old one: the leader can raise the epoch, be held up, and notify only after this
    // thread has done the phase and gone back to sleep. The epoch itself says whether there is work.
    while (Atomics.load(control, EPOCH) === epoch) Atomics.wait(control, EPOCH, epoch);
    phases[control[PHASE]!]!();
    if (Atomics.sub(control, PENDING, 1) === 1) Atomics.notify(control, PENDING);
  }
}
