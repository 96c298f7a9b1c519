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

const welcome = `# Ctrl-Enter runs what the cursor stands in.
# The book on the left holds the schema.

query Users {
  allUsers(first: 10) {
    username
    orderCount
  }
}

# Run this in one tab of this page, then place
# an order in another, or by REST: here it is.
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
