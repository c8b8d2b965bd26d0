/** Says when live values have stopped. Silent while all is well. */
import {useLive} from '../data/live.tsx';
import {useTimes} from '../format/times.ts';
import {Shape} from '../parts/meaning.tsx';

export function LiveNotice() {
  const {state, tick, reason} = useLive();
  const times = useTimes();
  if (state !== 'broken') return null;
  return (
    <div className="notice" role="status">
      <Shape level="watch" />
      <strong>Live values have stopped.</strong>
      <span>
        {reason?.message ?? 'The stream broke off.'} What you see is of{' '}
        {tick === null ? 'the last reading' : `${times.minute(tick.clock)} ${times.zoneName}`}; trying again.
      </span>
    </div>
  );
}
