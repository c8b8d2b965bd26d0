/** The rail: a column at the left, a bar at the bottom of a narrow screen. */
import {useLocation} from 'wouter';
import {useOverview} from '../data/queries.ts';
import {plural} from '../format/numbers.ts';
import {Go} from '../parts/page.tsx';
import {Mark, PLACES} from './places.tsx';

export function Rail() {
  const [location] = useLocation();
  const open = useOverview().data?.openIncidents.length ?? 0;
  return (
    <nav className="rail" aria-label="Places">
      <div className="rail-mark">
        <Mark />
        <span>Millrace</span>
      </div>
      <ul>
        {PLACES.map(place => {
          const here = place.path === '/' ? location === '/' : location.startsWith(place.path);
          return (
            <li key={place.path}>
              <Go to={place.path} title={place.title} current={here}>
                {place.icon}
                <span>{place.title}</span>
                {place.path === '/monitoring' && open > 0 && (
                  <small className="count" title={plural(open, 'open incident')}>
                    {open}
                  </small>
                )}
              </Go>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
