import {Modal} from './modal.tsx';
import {PLACES} from './places.tsx';

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/', 'Ctrl K'], 'Search models, versions, features, alerts, retrains and pages'],
  [['j', 'k'], 'Next and previous row of the table'],
  [['Enter'], 'Open the row'],
  [['0', '1'], 'Decide the row, among reviews'],
  [['?'], 'This list'],
  [['Esc'], 'Close'],
];

export function KeysHelp({onClose}: {onClose: () => void}) {
  return (
    <Modal label="Keys" onClose={onClose}>
      <h2>Keys</h2>
      <dl className="keys">
        {[...KEYS, ...PLACES.map(place => [['g', place.key], place.title] as const)].map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
