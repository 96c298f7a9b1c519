// The shell around all pages, and the table of pages.
import { useEffect, useState } from 'preact/hooks';

import { get } from './core/api.js';
import { description, loadDescription } from './core/description.js';
import { address } from './core/router.js';
import { session } from './core/session.js';
import { ErrorBoundary } from './parts/error_boundary.jsx';
import { Help } from './parts/help.jsx';
import { Messages } from './parts/messages.jsx';
import { Navigation } from './parts/navigation.jsx';
import { Page } from './parts/page.jsx';
import { Problem } from './parts/problem.jsx';
import { ApiPage } from './pages/api_page.jsx';
import { Archive } from './pages/archive.jsx';
import { DeadLetter } from './pages/dead_letter.jsx';
import { DeadLetters } from './pages/dead_letters.jsx';
import { EntityForm } from './pages/entity_form.jsx';
import { EntityList } from './pages/entity_list.jsx';
import { EventLog } from './pages/event_log.jsx';
import { House } from './pages/house.jsx';
import { Journey } from './pages/journey.jsx';
import { Now } from './pages/now.jsx';
import { Operations } from './pages/operations.jsx';
import { Publish } from './pages/publish.jsx';
import { Record } from './pages/record.jsx';
import { Requests } from './pages/requests.jsx';
import { SignIn } from './pages/sign_in.jsx';
import { Subscription } from './pages/subscription.jsx';
import { Subscriptions } from './pages/subscriptions.jsx';
import { System } from './pages/system.jsx';

/** The first pattern that matches the whole path decides; its groups are the properties of the page. */
const pages = [
  [/^\/(?:console\/?|console\/house)?$/, House],
  [/^\/console\/now$/, Now],
  [/^\/console\/entities\/(?<plural>[^/]+)$/, EntityList],
  [/^\/console\/entities\/(?<plural>[^/]+)\/new$/, EntityForm],
  [/^\/console\/entities\/(?<plural>[^/]+)\/(?<id>\d+)$/, Record],
  [/^\/console\/events$/, EventLog],
  [/^\/console\/events\/(?<seq>\d+)$/, Journey],
  [/^\/console\/events\/subscriptions$/, Subscriptions],
  [/^\/console\/events\/subscriptions\/(?<name>[^/]+)$/, Subscription],
  [/^\/console\/events\/dead-letters$/, DeadLetters],
  [/^\/console\/events\/dead-letters\/(?<id>[^/]+)$/, DeadLetter],
  [/^\/console\/events\/operations$/, Operations],
  [/^\/console\/events\/archive$/, Archive],
  [/^\/console\/events\/publish$/, Publish],
  [/^\/console\/requests$/, Requests],
  [/^\/console\/api$/, ApiPage],
  [/^\/console\/system$/, System],
  [/^\/console\/sign-in$/, SignIn],
];

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

async function loadSession() {
  const { data } = await get('/session');
  session.value = data;
}

export function App() {
  const [error, setError] = useState();
  const attempt = () => {
    setError(undefined);
    loadDescription();
    loadSession().catch((failure) => failure.status !== 401 && setError(failure));
  };
  useEffect(attempt, []);
  const name = session.value?.name;
  useEffect(() => {
    if (name && description.value?.error) loadDescription(); // the server refused the description before the session began
  }, [name]);
  if (error) {
    return (
      <main class="alone">
        <Problem error={error}>
          <button type="button" class="button" onClick={attempt}>
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
        <ErrorBoundary key={address.value.path}>
          <CurrentPage />
        </ErrorBoundary>
      </main>
      <Messages />
      <Help />
    </>
  );
}
