// GraphiQL as Atrium serves it: asks the address it was opened at, listens to subscriptions on a WebSocket of the same address.
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

const welcome = `# Ctrl-Enter runs what the cursor stands in; the book on the left holds the schema.

query Latest {
  allUsers(first: 10) {
    username
    orderCount
  }
}

# Run this, then place an order by REST or by the mutation below in another tab: it arrives here.
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

createRoot(document.getElementById('graphiql')).render(<GraphiQL fetcher={fetcher} defaultQuery={welcome} />);
