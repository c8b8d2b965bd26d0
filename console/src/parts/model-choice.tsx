import {useModel} from '../data/queries.ts';

/** Which model the page is about; silent while there is only one. */
export function ModelChoice() {
  const {model, models, choose} = useModel();
  if (models.length < 2) return null;
  return (
    <label className="model-choice">
      <span className="muted small">Model</span>{' '}
      <select className="button" value={model ?? ''} onChange={event => choose(event.target.value)}>
        {models.map(name => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
