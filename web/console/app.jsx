// The shell around all pages, and the table of pages.
import { useEffect } from 'preact/hooks';

import { description, loadDescription } from './core/description.js';
import { address } from './core/router.js';
import { session } from './core/session.js';
import { start, startError } from './core/start.js';
import { ErrorBoundary } from './parts/error_boundary.jsx';
import { Help } from './parts/help.jsx';
import { innerPage } from './parts/inner_page.jsx';
import { Messages } from './parts/messages.jsx';
import { Navigation } from './parts/navigation.jsx';
import { Page } from './parts/page.jsx';
import { Problem } from './parts/problem.jsx';
import { ServerBanner } from './parts/server_banner.jsx';
import { House } from './pages/house.jsx';
import { SignIn } from './pages/sign_in.jsx';

/** [pattern, page]. The page of the first pattern that matches the path is shown, with the pattern's groups as properties. */
const pages = [
  [/^\/(?:console\/?|console\/house)?$/, House],
  [/^\/console\/now$/, innerPage('Now')],
  [/^\/console\/entities\/(?<plural>[^/]+)$/, innerPage('EntityList')],
  [/^\/console\/entities\/(?<plural>[^/]+)\/new$/, innerPage('EntityForm')],
  [/^\/console\/entities\/(?<plural>[^/]+)\/(?<id>\d+)$/, innerPage('Record')],
  [/^\/console\/events$/, innerPage('EventLog')],
  [/^\/console\/events\/(?<seq>\d+)$/, innerPage('Journey')],
  [/^\/console\/events\/subscriptions$/, innerPage('Subscriptions')],
  [/^\/console\/events\/subscriptions\/(?<name>[^/]+)$/, innerPage('Subscription')],
  [/^\/console\/events\/dead-letters$/, innerPage('DeadLetters')],
  [/^\/console\/events\/dead-letters\/(?<id>[^/]+)$/, innerPage('DeadLetter')],
  [/^\/console\/events\/operations$/, innerPage('Operations')],
  [/^\/console\/events\/archive$/, innerPage('Archive')],
  [/^\/console\/events\/publish$/, innerPage('Publish')],
  [/^\/console\/requests$/, innerPage('Requests')],
  [/^\/console\/api$/, innerPage('ApiPage')],
  [/^\/console\/system$/, innerPage('System')],
  [/^\/console\/sign-in$/, SignIn],
];

/** Whether the first page, which needs only the main script, is at this path. */
export const isFirstPage = (path) => pages[0][0].test(path);

function NotFound() {
  return (
    <Page title="There is no such page">
      <p>
        The address <code>{address.value.path}</code> belongs to no page. <a href="/">House</a> shows what there is.
      </p>
    </Page>
  );
}

const decoded = (groups = {}) =>
  Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));

function CurrentPage() {
  const { path } = address.value;
  for (const [pattern, Component] of pages) {
    const match = path.match(pattern);
    if (match) return <Component key={path} {...decoded(match.groups)} />;
  }
  return <NotFound />;
}

export function App() {
  const name = session.value?.name;
  useEffect(() => {
    if (name && description.value?.error) loadDescription(); // the server refused the description before the session began
  }, [name]);
  if (startError.value) {
    return (
      <main class="alone">
        <Problem error={startError.value}>
          <button type="button" class="button" onClick={() => start()}>
            Try again
          </button>
        </Problem>
      </main>
    );
  }
  if (session.value === undefined) return <main class="alone" aria-busy="true" />;
  if (session.value === null) return <SignIn />;
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <Navigation />
      <main id="content" tabIndex={-1}>
        <ServerBanner />
        <ErrorBoundary key={address.value.path}>
          <CurrentPage />
        </ErrorBoundary>
      </main>
      <Messages />
      <Help />
    </>
  );
}
