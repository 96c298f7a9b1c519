// GraphiQL as Atrium serves it. It sends requests to the address of its page, and subscribes over a WebSocket to that address.
import './workers.js';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './main.css';

const url = new URL(location.pathname, location.origin);
const subscriptionUrl = new URL(url);
subscriptionUrl.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';

const fetcher = createGraphiQLFetcher({
  url: url.href,
  wsClient: createClient({ url: subscriptionUrl.href, lazy: true }),
});

const welcome = `# Ctrl-Enter runs the operation at
# the cursor. The book on the left
# shows the schema.

query Users {
  allUsers(first: 10) {
    username
    orderCount
  }
}

# Run this in one tab of this page.
# Then place an order in another tab,
# or by REST: it appears here.
subscription Orders {
  orderCreated {
    productName
    quantity
    user {
      username
    }
  }
}
`;

// An address with ?query= opens that query in a tab of its own, with the variables from ?variables= if there are any. Other
// tabs are not changed.
const parameters = new URLSearchParams(location.search);
const query = parameters.get('query') ?? undefined;
const variables = parameters.get('variables') ?? (query && '');

createRoot(document.getElementById('graphiql')).render(
  <GraphiQL fetcher={fetcher} defaultQuery={welcome} initialQuery={query} initialVariables={variables} />,
);
