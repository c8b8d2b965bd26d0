import {Counter, Gauge, type Registry} from 'prom-client';

/** One series and its value. */
export type Sample = readonly [labels: Readonly<Record<string, string | number>>, value: number];

type Described = {readonly name: string; readonly help: string; readonly labels: readonly string[]};

/** A gauge whose series are those that `read` gives when somebody asks; what is no number is left out. */
export function gaugeOf(
  registry: Registry,
  {name, help, labels}: Described,
  read: () => readonly Sample[] | Promise<readonly Sample[]>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      const samples = await read();
      this.reset();
      for (const [series, value] of samples) if (!Number.isNaN(value)) this.set({...series}, value);
    },
  });
}

/** A count that only rises while the process runs. */
export function counterOf(registry: Registry, {name, help, labels}: Described, read: () => readonly Sample[]): void {
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      this.reset();
      for (const [series, value] of read()) this.inc({...series}, value);
    },
  });
}
