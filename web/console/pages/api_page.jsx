// Shows how programs can use the server.
import { announce } from '../core/announce.js';
import { curl } from '../core/clipboard.js';
import { description } from '../core/description.js';
import { schemaText } from '../core/schema_text.js';
import { isSignedIn } from '../core/session.js';
import { Command } from '../parts/command.jsx';
import { Page } from '../parts/page.jsx';
import { Section } from '../parts/section.jsx';

const example = '{ __schema { queryType { fields { name description } } } }';

const documents = [
  {
    href: '/openapi.json',
    file: 'openapi.json',
    title: 'OpenAPI 3.1',
    text: 'Requests and responses, for generators of clients.',
  },
  { href: '/asyncapi.json', file: 'asyncapi.json', title: 'AsyncAPI 3.0', text: 'Topics, and the data of events.' },
];

function Content({ title, text, place }) {
  return (
    <>
      <strong>{title}</strong>
      <span>{text}</span>
      <code>{place}</code>
    </>
  );
}

/** Saves a text as a file, in the same way as the browser saves a download. */
function save(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

const saveSchema = () =>
  schemaText().then(
    (text) => save('schema.graphql', text),
    (error) => announce(error.message),
  );

export function ApiPage() {
  const entity = description.value?.entities[0];
  const needsToken = isSignedIn();
  return (
    <Page title="API" note="A program can do everything that this console does, with the same requests.">
      <Section title="Try it">
        <div class="cards">
          <a class="card" href="/docs" target="_blank" rel="noreferrer">
            <Content title="Reference" text="Every route, with “try it”." place="/docs" />
          </a>
          <a class="card" href={`/graphql/?query=${encodeURIComponent(example)}`} target="_blank" rel="noreferrer">
            <Content title="GraphiQL" text="Queries, mutations and subscriptions." place="/graphql/" />
          </a>
        </div>
      </Section>
      <Section title="Downloads">
        <div class="cards">
          {documents.map(({ href, file, title, text }) => (
            <a key={href} class="card" href={href} download={file}>
              <Content title={title} text={text} place={href} />
            </a>
          ))}
          <button type="button" class="card" onClick={saveSchema}>
            <Content title="GraphQL schema" text="Types, in the schema definition language." place="schema.graphql" />
          </button>
        </div>
      </Section>
      <Section title="From a terminal">
        {needsToken && <p class="muted">TOKEN is a token of this server. An administrator can make one on the page System.</p>}
        {entity && <Command text={curl('GET', `${entity.path}?limit=10`, { needsToken })} />}
        <Command text={curl('POST', '/graphql/', { body: JSON.stringify({ query: example }), needsToken })} />
        <Command text={curl('GET', '/events/stream', { needsToken }).replace('curl', 'curl -N')} />
      </Section>
    </Page>
  );
}
