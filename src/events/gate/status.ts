import type {CheckKind, CheckStatus} from '../../protocol/index.ts';
import type {StreamCheck} from '../checks/fold.ts';
import type {Source} from '../source.ts';
import type {Tally} from './tally.ts';

/**
 * How every check of a stream stands at a time: the declared ones in their order, then the schema's own that were
 * broken. A check about windows or the clock says so itself; the others are violated if the latest push broke them,
 * and unknown until something was pushed since the gate was opened.
 */
export function checkStatus(source: Source, tally: Tally, checks: readonly StreamCheck[], now: number): CheckStatus[] {
  const kinds = new Map<string, CheckKind>(source.checks.map(({name, rule}) => [name, rule.kind]));
  return tally.record().checks.map(counted => {
    const {check, count} = counted;
    const given = checks.find(c => c.check === check)?.status(now);
    const broken = tally.brokenNow(check);
    return {
      ...counted,
      stream: source.name,
      kind: kinds.get(check) ?? 'schema',
      state: given?.state ?? (broken === null ? 'unknown' : broken ? 'violated' : 'ok'),
      detail: given?.detail ?? (count === 0 ? 'never broken' : count === 1 ? 'broken once' : `broken ${count} times`),
    };
  });
}
