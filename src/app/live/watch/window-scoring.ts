import {metricsOf} from '../../../evaluation/index.ts';
import type {KnownSoFar, MaturedRow} from '../../../logs/index.ts';
import {scoreWindow} from '../../../monitoring/index.ts';
import type {LabelProgress, MonitorWindow} from '../../../protocol/index.ts';

/** Of the predictions made in [from, to) whose labels may still come. */
export type Peek = (from: number, to: number) => KnownSoFar;

/** A closed window with its rows whose label windows have closed. */
export type ScoredWindow = {readonly window: MonitorWindow; readonly rows: readonly MaturedRow[]};

type Watched = {
  window: MonitorWindow;
  readonly rows: MaturedRow[];
  stage: number;
  /** Rows whose labels came late, by id, until the window is scored again. */
  readonly late: Map<string, MaturedRow>;
  /** UTC ms. */
  scoredAt: number;
};

/** When it is looked how far labels have come: shares of the label window after the close of the monitored one. */
const STAGES = [0, 0.25, 0.5];
/** Rows of scored windows that are kept for labels that come late; the oldest windows are given up first. */
const MOST_ROWS = 1_000_000;
/** A window is scored again at most once in this share of the label window, and not more often than every ten minutes. */
const AGAIN_SHARE = 0.01;
const AGAIN_MS = 600_000;

export type WindowScoringOptions = {
  readonly withinMs: number;
  /** Whether labels that came early are a sample of all, if a biased one: where only events make labels, all of them are 1. */
  readonly earlyCount: boolean;
  readonly minLabelled: number;
};

/**
 * Closed windows wait here until the labels of all their predictions are known or will never be; then, where some are
 * unknown, one label window more for those that come late.
 */
export class WindowScoring {
  readonly #options: WindowScoringOptions;
  /** Oldest first, both. */
  readonly #waiting: Watched[] = [];
  #scored: Watched[] = [];
  /** Rows that matured before their window closed: a label window shorter than the monitored one. */
  #early: MaturedRow[] = [];

  constructor(options: WindowScoringOptions) {
    this.#options = options;
  }

  close(window: MonitorWindow): void {
    const rows = this.#early.filter(row => holds(window, row));
    this.#waiting.push({window, rows, stage: window.labels?.length ?? 0, late: new Map(), scoredAt: window.to});
    this.#early = this.#early.filter(({at}) => at >= window.to);
  }

  /** A window that was scored before the process began, with labels still missing: its rows mature once more. */
  reopen(window: MonitorWindow): void {
    const scoredAt = window.performance?.scoredAt ?? window.to;
    this.#scored.push({window, rows: [], stage: STAGES.length, late: new Map(), scoredAt});
  }

  mature(rows: readonly MaturedRow[]): void {
    for (const row of rows) {
      const watched = this.#holding(row);
      if (watched) watched.rows.push(row);
      else this.#early.push(row);
    }
  }

  /** Labels that came after the label windows of their rows: they wait until their window is scored again. */
  noteLate(rows: readonly MaturedRow[]): void {
    for (const row of rows) this.#holding(row)?.late.set(row.id, row);
  }

  #holding(row: MaturedRow): Watched | undefined {
    const own = ({window}: Watched) => holds(window, row);
    return this.#waiting.find(own) ?? this.#scored.find(own);
  }

  /** Windows with how far their labels have come, where it is time to look; `version` is the one in charge. */
  takeProgress(now: number, version: number, peek: Peek): MonitorWindow[] {
    const {withinMs} = this.#options;
    return this.#waiting.flatMap(watched => {
      const {window} = watched;
      const ageMs = now - window.to;
      const due = STAGES.filter(share => share * withinMs <= ageMs).length;
      if (window.predictions === 0 || due <= watched.stage || ageMs >= withinMs) return [];
      watched.stage = due;
      watched.window = withProgress(window, this.#progressOf(watched, version, ageMs, peek(window.from, window.to)));
      return [watched.window];
    });
  }

  #progressOf({rows}: Watched, version: number, ageMs: number, open: KnownSoFar): LabelProgress {
    const {earlyCount, minLabelled} = this.#options;
    const matured = rows.filter(({label}) => label !== null);
    const come = [...open.labels.keys()].filter(i => !Number.isNaN(open.labels[i]!));
    const scores = [
      ...matured.filter(row => row.version === version).map(({score}) => score),
      ...come.filter(i => open.versions[i] === version).map(i => open.scores[i]!),
    ];
    const labels = [
      ...matured.filter(row => row.version === version).map(({label}) => label!),
      ...come.filter(i => open.versions[i] === version).map(i => open.labels[i]!),
    ];
    const enough = earlyCount && labels.length >= minLabelled;
    return {
      ageMs,
      labelled: matured.length + come.length,
      pending: open.labels.length - come.length,
      provisional: enough ? metricsOf(Float64Array.from(scores), Float64Array.from(labels)) : null,
    };
  }

  /** The windows that are complete at `now`, scored, oldest first. */
  takeScored(now: number): ScoredWindow[] {
    const {withinMs} = this.#options;
    const scored: ScoredWindow[] = [];
    while (this.#waiting[0] && this.#waiting[0].window.to + withinMs <= now) {
      const watched = this.#waiting.shift()!;
      const {window, rows} = watched;
      const labelled = rows.filter(({label}) => label !== null).length;
      const all: LabelProgress = {ageMs: now - window.to, labelled, pending: 0, provisional: null};
      watched.window = scoreRows(window.predictions === 0 ? window : withProgress(window, all), rows, now);
      watched.scoredAt = now;
      scored.push(watched);
      if (labelled < rows.length) this.#scored.push(watched);
    }
    return scored;
  }

  /** Scored windows for which labels came late, scored again: once in a while, and once before they are forgotten. */
  takeRescored(now: number): ScoredWindow[] {
    const again = Math.max(AGAIN_MS, AGAIN_SHARE * this.#options.withinMs);
    const kept = this.#remembered(now);
    const due = this.#scored.filter(
      watched => watched.late.size > 0 && (now - watched.scoredAt >= again || !kept.has(watched)),
    );
    this.#scored = this.#scored.filter(watched => kept.has(watched));
    return due.filter(watched => {
      const isNews = takeLate(watched);
      if (isNews) Object.assign(watched, {window: scoreRows(watched.window, watched.rows, now), scoredAt: now});
      return isNews;
    });
  }

  /** Windows whose labels may still come, as many of the newest as there is room for. */
  #remembered(now: number): ReadonlySet<Watched> {
    let rows = 0;
    return new Set(
      this.#scored.toReversed().filter(watched => {
        rows += watched.rows.length;
        return watched.window.to + 2 * this.#options.withinMs > now && rows <= MOST_ROWS;
      }),
    );
  }

  /** Takes over what else became known of a window. */
  replace(window: MonitorWindow): void {
    for (const watched of [...this.#waiting, ...this.#scored])
      if (watched.window.id === window.id) watched.window = window;
  }
}

const holds = ({from, to}: MonitorWindow, {at}: MaturedRow): boolean => at >= from && at < to;

/** Rows take over the labels that came late; whether any did. */
function takeLate({rows, late}: Watched): boolean {
  let isNews = false;
  for (const [i, {id, label}] of rows.entries()) {
    const row = label === null ? late.get(id) : undefined;
    if (!row) continue;
    rows[i] = row;
    isNews = true;
  }
  late.clear();
  return isNews;
}

const withProgress = (window: MonitorWindow, progress: LabelProgress): MonitorWindow => ({
  ...window,
  labels: [...(window.labels ?? []), progress],
});

function scoreRows(window: MonitorWindow, rows: readonly MaturedRow[], now: number): MonitorWindow {
  const labelled = {
    scores: Float64Array.from(rows, ({score}) => score),
    labels: Float64Array.from(rows, ({label}) => label ?? Number.NaN),
    versions: rows.map(({version}) => version),
  };
  return scoreWindow(window, labelled, now);
}
