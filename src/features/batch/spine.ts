/**
 * The rows that features are wanted for, as a table of the SQL engine: `_row` (0, 1, 2, … in the order of
 * the result), `_q` (query time, ms), `_position` (events from this log position on are not seen; null: all
 * are), and the fields of the request. Of one key's rows a later one may have a lower `_position`, where several servers
 * answered; it costs another round over the key's events.
 */
export type Spine = {
  readonly table: string;
  readonly rows: number;
  readonly minTime: number;
  readonly maxTime: number;
};
