/** Which address shows which page. */
import {lazy, Suspense} from 'react';
import {Route, Switch, useLocation} from 'wouter';
import {Frame} from './frame/frame.tsx';
import {PLACES} from './frame/places.tsx';
import {HomePage} from './pages/home/home-page.tsx';
import {NotFound} from './pages/not-found.tsx';
import {PageSkeleton} from './parts/skeleton.tsx';

/* Home is there at once; other places are read when they are first opened. */
const AdminPage = lazy(async () => ({default: (await import('./pages/admin/admin-page.tsx')).AdminPage}));
const ConsistencyPage = lazy(async () => ({
  default: (await import('./pages/consistency/consistency-page.tsx')).ConsistencyPage,
}));
const DataPage = lazy(async () => ({default: (await import('./pages/data/data-page.tsx')).DataPage}));
const StreamPage = lazy(async () => ({default: (await import('./pages/data/stream-page.tsx')).StreamPage}));
const ExperimentsPage = lazy(async () => ({
  default: (await import('./pages/experiments/experiments-page.tsx')).ExperimentsPage,
}));
const RetrainPage = lazy(async () => ({
  default: (await import('./pages/experiments/experiments-page.tsx')).RetrainPage,
}));
const FeaturePage = lazy(async () => ({default: (await import('./pages/features/feature-page.tsx')).FeaturePage}));
const FeaturesPage = lazy(async () => ({default: (await import('./pages/features/features-page.tsx')).FeaturesPage}));
const ModelsPage = lazy(async () => ({default: (await import('./pages/models/models-page.tsx')).ModelsPage}));
const VersionPage = lazy(async () => ({default: (await import('./pages/models/version-page.tsx')).VersionPage}));
const IncidentPage = lazy(async () => ({
  default: (await import('./pages/monitoring/incidents/incident-page.tsx')).IncidentPage,
}));
const MonitoringPage = lazy(async () => ({
  default: (await import('./pages/monitoring/monitoring-page.tsx')).MonitoringPage,
}));
const SilencesPage = lazy(async () => ({
  default: (await import('./pages/monitoring/silences/silences-page.tsx')).SilencesPage,
}));
const ReviewsPage = lazy(async () => ({
  default: (await import('./pages/serving/reviews/reviews-page.tsx')).ReviewsPage,
}));
const ServingPage = lazy(async () => ({default: (await import('./pages/serving/serving-page.tsx')).ServingPage}));

/** What stands there until a place is read. */
function Opening() {
  const [location] = useLocation();
  const place = PLACES.find(({path}) => path !== '/' && location.startsWith(path));
  return <PageSkeleton title={place?.title ?? 'Home'} />;
}

export function App() {
  return (
    <Frame>
      <Suspense fallback={<Opening />}>
        <Switch>
          <Route path="/">
            <HomePage />
          </Route>
          <Route path="/data">
            <DataPage />
          </Route>
          <Route path="/data/:stream">{({stream}) => <StreamPage name={decodeURIComponent(stream)} />}</Route>
          <Route path="/features">
            <FeaturesPage />
          </Route>
          <Route path="/features/:name">{({name}) => <FeaturePage name={decodeURIComponent(name)} />}</Route>
          <Route path="/models">
            <ModelsPage />
          </Route>
          <Route path="/models/:model/:version">
            {({model, version}) => <VersionPage model={decodeURIComponent(model)} version={Number(version)} />}
          </Route>
          <Route path="/serving">
            <ServingPage />
          </Route>
          <Route path="/serving/reviews">
            <ReviewsPage />
          </Route>
          <Route path="/monitoring">
            <MonitoringPage />
          </Route>
          <Route path="/monitoring/incidents/:id">{({id}) => <IncidentPage id={decodeURIComponent(id)} />}</Route>
          <Route path="/monitoring/silences">
            <SilencesPage />
          </Route>
          <Route path="/monitoring/consistency">
            <ConsistencyPage />
          </Route>
          <Route path="/experiments">
            <ExperimentsPage />
          </Route>
          <Route path="/experiments/:id">{({id}) => <RetrainPage id={decodeURIComponent(id)} />}</Route>
          <Route path="/admin">
            <AdminPage />
          </Route>
          <Route>
            <NotFound what="a page at this address" />
          </Route>
        </Switch>
      </Suspense>
    </Frame>
  );
}
