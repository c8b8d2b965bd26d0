import type {GateResult} from 'millrace/protocol';
import {Status} from '../../parts/meaning.tsx';

/** What each gate measured, in words. */
export function Gates({gates}: {gates: readonly GateResult[]}) {
  return (
    <ul className="plain-list gates">
      {gates.map(gate => (
        <li key={gate.gate}>
          <Status level={gate.passed ? 'good' : 'bad'} word={gate.passed ? 'passed' : 'failed'} />
          <div>
            <strong>{gate.gate}</strong>
            <p className="muted">{gate.message}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
