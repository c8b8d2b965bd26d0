import type {MaturedRow} from '../../logs/index.ts';
import {scoreWindow} from '../../monitoring/index.ts';
import type {MonitorWindow} from '../../protocol/index.ts';

type Waiting = {readonly window: MonitorWindow; readonly rows: MaturedRow[]};

/** Closed windows wait here until the labels of all their predictions are known or will never be. */
export class WindowScoring {
  readonly #withinMs: number;
  readonly #waiting: Waiting[] = [];
  /** Rows that matured before their window closed: a label window shorter than the monitored one. */
  #early: MaturedRow[] = [];

  constructor(withinMs: number) {
    this.#withinMs = withinMs;
  }

  close(window: MonitorWindow): void {
    const own = (row: MaturedRow) => row.at >= window.from && row.at < window.to;
    this.#waiting.push({window, rows: this.#early.filter(own)});
    this.#early = this.#early.filter(row => !own(row));
  }

  mature(rows: readonly MaturedRow[]): void {
    for (const row of rows) {
      const waiting = this.#waiting.find(({window}) => row.at >= window.from && row.at < window.to);
      if (waiting) waiting.rows.push(row);
      else this.#early.push(row);
    }
  }

  /** The windows that are complete at `now`, scored, oldest first. */
  takeScored(now: number): MonitorWindow[] {
    const scored: MonitorWindow[] = [];
    while (this.#waiting[0] && this.#waiting[0].window.to + this.#withinMs <= now) {
      const {window, rows} = this.#waiting.shift()!;
      scored.push(
        scoreWindow(
          window,
          {
            scores: Float64Array.from(rows, r => r.score),
            labels: Float64Array.from(rows, r => r.label ?? Number.NaN),
            versions: rows.map(r => r.version),
          },
          now,
        ),
      );
    }
    return scored;
  }
}
