/** Starts the console in its page. */
import {QueryClientProvider} from '@tanstack/react-query';
import {StrictMode} from 'react';
import {createRoot} from 'react-dom/client';
import {App} from './app.tsx';
import {LiveProvider} from './data/live.tsx';
import {queries} from './data/queries.ts';
import {SignedIn} from './frame/sign-in.tsx';
import './style/tokens.css';
import './style/frame.css';
import './style/parts.css';
import './style/table.css';
import './style/chart.css';
import './style/dialog.css';
import './style/pages.css';
import './style/admin.css';
import './style/serving.css';
import './style/monitoring.css';

const root = document.getElementById('root');
if (!root) throw new TypeError('index.html has no #root.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SignedIn>
        <LiveProvider>
          <App />
        </LiveProvider>
      </SignedIn>
    </QueryClientProvider>
  </StrictMode>,
);
