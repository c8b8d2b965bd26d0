/** The rail: a column at the left, a bar at the bottom of a narrow screen. */
import {useLocation} from 'wouter';
import {useOverview} from '../data/queries.ts';
import {Go} from '../parts/page.tsx';
import {Mark, PLACES} from './places.tsx';

export function Rail() {
  const [location] = useLocation();
  const alerts = useOverview().data?.openAlerts.length ?? 0;
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
                {place.path === '/monitoring' && alerts > 0 && (
                  <small className="count" title={`${alerts} open alerts`}>
                    {alerts}
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
