// The ways to use the server by program.
import { curl } from '../core/clipboard.js';
import { isSignedIn } from '../core/session.js';
import { description } from '../core/description.js';
import { Command } from '../parts/command.jsx';
import { Page } from '../parts/page.jsx';
import { Section } from '../parts/section.jsx';

const introspection = '{ __schema { types { name } } }';

const places = [
  { href: '/docs', title: 'Reference', text: 'Every route and event, with “try it”.' },
  { href: '/graphql/', title: 'GraphiQL', text: 'Write, run and keep queries, mutations and subscriptions.' },
];

const documents = [
  { href: '/openapi.json', title: 'OpenAPI 3.1', file: 'openapi.json', text: 'Requests and responses, for generators of clients.' },
  { href: '/asyncapi.json', title: 'AsyncAPI 3.0', file: 'asyncapi.json', text: 'Topics and the data of events.' },
  { href: '/graphql/schema.graphql', title: 'GraphQL schema', file: 'schema.graphql', text: 'Types in the schema definition language.' },
];

function Card({ href, title, text, file }) {
  return (
    <a class="card" href={href} target={file ? undefined : '_blank'} rel="noreferrer" download={file}>
      <strong>{title}</strong>
      <span>{text}</span>
      <code>{href}</code>
    </a>
  );
}

export function ApiPage() {
  const entity = description.value?.entities[0];
  const needsToken = isSignedIn();
  return (
    <Page title="API" note="Everything that this console does, a program can do with the same requests.">
      <Section title="Try it">
        <div class="cards">
          {places.map((each) => (
            <Card key={each.href} {...each} />
          ))}
        </div>
      </Section>
      <Section title="Downloads">
        <div class="cards">
          {documents.map((each) => (
            <Card key={each.href} {...each} />
          ))}
        </div>
      </Section>
      <Section title="From a terminal">
        {needsToken && <p class="muted">TOKEN is a token of this server; an administrator makes one on the page System.</p>}
        {entity && <Command text={curl('GET', `${entity.path}?limit=10`, { needsToken })} />}
        <Command text={curl('POST', '/graphql/', { body: JSON.stringify({ query: introspection }), needsToken })} />
        <Command text={curl('GET', '/events/stream', { needsToken }).replace('curl', 'curl -N')} />
      </Section>
    </Page>
  );
}
