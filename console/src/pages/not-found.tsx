import {Go, Page} from '../parts/page.tsx';

/** An address that leads nowhere, and where to go on. */
export function NotFound({what, place = '/'}: {what: string; place?: string}) {
  return (
    <Page
      title="Not found"
      verdict={{level: 'unknown', sentence: `There is no ${what.replace(/^an? /, '')} in this project.`}}
    >
      <p>
        <Go to={place}>Go to {place === '/' ? 'Home' : place.slice(1)}</Go>, or press <kbd>/</kbd> to search.
      </p>
    </Page>
  );
}
