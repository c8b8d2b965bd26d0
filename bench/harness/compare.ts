// Ways to do the same thing, measured beside each other: in turn, several rounds, in one process.

export type Candidate = {
  readonly name: string;
  /** Everything that is made before the clock starts; `work` does what is measured and returns the amount done. */
  readonly begin: () => Promise<{readonly work: () => Promise<number>; readonly end?: () => Promise<unknown>}>;
};

export type Measured = {
  readonly name: string;
  readonly amount: number;
  /** Medians over the rounds. CPU seconds are of the whole process, all threads. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Amount per second of the first candidate over this one's, round by round; medians. Above 1: slower than the first. */
  readonly timesSlower: number;
  readonly timesCpu: number;
};

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

type Sample = {readonly amount: number; readonly seconds: number; readonly cpuSeconds: number};

/** One run of a candidate, set up and torn down off the clock. */
async function sample({begin}: Candidate): Promise<Sample> {
  const {work, end} = await begin();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const amount = await work();
  const seconds = (performance.now() - started) / 1_000;
  const {user, system} = process.cpuUsage(cpu);
  await end?.();
  return {amount, seconds, cpuSeconds: (user + system) / 1e6};
}

/**
 * Measures every candidate once per round, beginning with another one each time, so that whatever else the
 * machine does falls on all of them. A round before the first warms up and is thrown away, unless told otherwise.
 */
export async function compare(
  candidates: readonly Candidate[],
  {rounds, warmUp = true}: {readonly rounds: number; readonly warmUp?: boolean},
): Promise<Measured[]> {
  const samples = candidates.map((): Sample[] => []);
  for (let round = warmUp ? -1 : 0; round < rounds; round++)
    for (let k = 0; k < candidates.length; k++) {
      const at = (k + Math.max(0, round)) % candidates.length;
      const candidate = candidates[at]!;
      process.stderr.write(`  ${round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`}: ${candidate.name}\n`);
      const measured = await sample(candidate);
      if (round >= 0) samples[at]!.push(measured);
    }
  const cost = (s: Sample, key: 'seconds' | 'cpuSeconds') => s[key] / s.amount;
  return candidates.map(({name}, k) => {
    const own = samples[k]!;
    const times = (key: 'seconds' | 'cpuSeconds') =>
      median(own.map((s, round) => cost(s, key) / cost(samples[0]![round]!, key)));
    return {
      name,
      amount: own[0]!.amount,
      seconds: median(own.map(s => s.seconds)),
      cpuSeconds: median(own.map(s => s.cpuSeconds)),
      timesSlower: times('seconds'),
      timesCpu: times('cpuSeconds'),
    };
  });
}
