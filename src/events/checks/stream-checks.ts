import type {JsonValue} from '../../protocol/index.ts';
import type {Source} from '../source.ts';
import type {Check} from './check.ts';
import {type Fold, FoldedCheck, type StreamCheck} from './fold.ts';
import {freshnessFold} from './freshness.ts';
import {nullShareFold} from './null-share.ts';
import {timeOrderFold} from './time-order.ts';
import {UniqueCheck} from './unique.ts';
import {volumeFold} from './volume.ts';

/** The checks of a source about many events, compiled; `latest` is the latest event time of a stream that goes on. */
export function compileStreamChecks(source: Source, latest: number | null): StreamCheck[] {
  return source.checks.flatMap(check => compile(check, source.delayMs, latest) ?? []);
}

function compile({columns, action, name, rule}: Check, delayMs: number, latest: number | null): StreamCheck | null {
  const is = {check: name, kind: rule.kind, action: action as 'warn' | 'stop'};
  const folded = <S extends JsonValue>(fold: Fold<S>) => new FoldedCheck(is, fold, fold.start(latest));
  switch (rule.kind) {
    case 'null-share':
      return folded(nullShareFold(columns[0]!, rule.max, rule.rows));
    case 'unique':
      return new UniqueCheck({...rule, ...is, columns});
    case 'time-order':
      return folded(timeOrderFold(rule.toleranceMs));
    case 'fresh':
      return folded(freshnessFold(rule.withinMs));
    case 'volume':
      return folded(volumeFold(rule, rule.graceMs ?? delayMs));
    default:
      return null;
  }
}
