/** Times of requests in the buckets of a Prometheus histogram; noting one costs a few additions. */

const EDGES = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1];
const NAME = 'millrace_http_request_seconds';

type Series = {readonly labels: string; readonly counts: Float64Array; sum: number};

export class RequestTimes {
  readonly #series = new Map<string, Series>();

  /** `route`: as it is declared, so that there are few of them. */
  note(method: string, route: string, status: number, seconds: number): void {
    const key = `${method} ${route} ${status}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      const labels = `method=${quoted(method)},route=${quoted(route)},status="${status}"`;
      series = {labels, counts: new Float64Array(EDGES.length + 1), sum: 0};
      this.#series.set(key, series);
    }
    let bucket = 0;
    while (bucket < EDGES.length && seconds > EDGES[bucket]!) bucket++;
    series.counts[bucket]!++;
    series.sum += seconds;
  }

  /** Prometheus' text format. */
  text(): string {
    const lines = [`# HELP ${NAME} HTTP requests by route and status.`, `# TYPE ${NAME} histogram`];
    for (const {labels, counts, sum} of this.#series.values()) {
      let total = 0;
      for (let b = 0; b <= EDGES.length; b++) {
        total += counts[b]!;
        lines.push(`${NAME}_bucket{le="${EDGES[b] ?? '+Inf'}",${labels}} ${total}`);
      }
      lines.push(`${NAME}_sum{${labels}} ${sum}`, `${NAME}_count{${labels}} ${total}`);
    }
    return `${lines.join('\n')}\n`;
  }
}

/** A label's value as the format has it. */
const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
