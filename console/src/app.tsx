/** Which address shows which page. */
import {Route, Switch} from 'wouter';
import {Frame} from './frame/frame.tsx';
import {AdminPage} from './pages/admin/admin-page.tsx';
import {ConsistencyPage} from './pages/consistency/consistency-page.tsx';
import {DataPage} from './pages/data/data-page.tsx';
import {StreamPage} from './pages/data/stream-page.tsx';
import {ExperimentsPage, RetrainPage} from './pages/experiments/experiments-page.tsx';
import {FeaturePage} from './pages/features/feature-page.tsx';
import {FeaturesPage} from './pages/features/features-page.tsx';
import {HomePage} from './pages/home/home-page.tsx';
import {ModelsPage} from './pages/models/models-page.tsx';
import {VersionPage} from './pages/models/version-page.tsx';
import {MonitoringPage} from './pages/monitoring/monitoring-page.tsx';
import {NotFound} from './pages/not-found.tsx';
import {ReviewsPage} from './pages/serving/reviews/reviews-page.tsx';
import {ServingPage} from './pages/serving/serving-page.tsx';

export function App() {
  return (
    <Frame>
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
    </Frame>
  );
}
