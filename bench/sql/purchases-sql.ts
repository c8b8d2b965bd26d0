// The features of `purchases.ts` in SQL by hand.

const WINDOWS = {'1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000} as const;

const frame = ([name, ms]: readonly [string, number]) =>
  `w${name} AS (PARTITION BY user ORDER BY t RANGE BETWEEN ${ms} PRECEDING AND 1 PRECEDING)`;

/** Events and labels of a key in one sequence, and frames over it. Supposes that events arrive when they happen. */
export function framesOf(events: string): string {
  const frames = Object.keys(WINDOWS).map(w => `count(v) OVER w${w} AS n_${w}, sum(v) OVER w${w} AS total_${w}`);
  const means = Object.keys(WINDOWS).map(w => `total_${w} / n_${w} AS mean_${w}`);
  return `SELECT *, ${means.join(', ')} FROM (SELECT _row, ${frames.join(', ')} FROM (
      SELECT user, _time AS t, NULL::BIGINT AS _row, amount AS v FROM ${events}
      UNION ALL SELECT user, _q, _row, NULL FROM spine)
    WINDOW ${Object.entries(WINDOWS).map(frame).join(', ')}) WHERE _row IS NOT NULL`;
}

/**
 * The same for events that arrive late, by less than any window: from each frame is taken what happened in it and had
 * not arrived, a running balance that a late event enters at its time and leaves at its arrival.
 */
export function framesOfDelayed(events: string): string {
  const frames = Object.keys(WINDOWS).map(w => `count(v) OVER w${w} AS n${w}, sum(v) OVER w${w} AS s${w}`);
  const answers = Object.keys(WINDOWS).map(
    w =>
      `n${w} - pn AS n_${w}, CASE WHEN n${w} > pn THEN s${w} - pv END AS total_${w}, (s${w} - pv) / nullif(n${w} - pn, 0) AS mean_${w}`,
  );
  return `SELECT _row, ${answers.join(', ')} FROM (
    SELECT _row, coalesce(sum(dn) OVER pending, 0) AS pn, coalesce(sum(dv) OVER pending, 0) AS pv, ${frames.join(', ')} FROM (
      SELECT user, _time AS t, NULL::BIGINT AS _row, amount AS v, CASE WHEN _arrival > _time THEN amount END AS dv, CASE WHEN _arrival > _time THEN 1 END AS dn FROM ${events}
      UNION ALL SELECT user, _arrival - 1, NULL, NULL, -amount, -1 FROM ${events} WHERE _arrival > _time
      UNION ALL SELECT user, _q, _row, NULL, NULL, NULL FROM spine)
    WINDOW pending AS (PARTITION BY user ORDER BY t RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
      ${Object.entries(WINDOWS).map(frame).join(', ')}) WHERE _row IS NOT NULL`;
}

export function asOfJoin(events: string): string {
  return `SELECT s._row, e.amount AS amount_ever FROM spine s ASOF LEFT JOIN ${events} e ON s.user = e.user AND s._q > e._time`;
}
