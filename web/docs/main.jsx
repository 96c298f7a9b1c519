// The reference of the API: RapiDoc shows /openapi.json, and sends requests to this server.
import 'rapidoc/src/rapidoc.js';

import { startTheme } from '../console/core/theme.js';
import './main.css';

/** Attributes of RapiDoc. Its colors come from main.css, and it gets nothing from another host. */
const attributes = {
  'server-url': location.origin,
  'default-api-server': location.origin,
  'fetch-credentials': 'same-origin', // the session of the console
  'load-fonts': 'false',
  // Beside the selected route there is a list of all routes. A narrow screen has one list with the details of each route.
  'render-style': matchMedia('(min-width: 768px)').matches ? 'focused' : 'view',
  'schema-style': 'table',
  'schema-description-expanded': 'true',
  'default-schema-tab': 'example', // so that what TRY sends can be seen and edited
  'fill-request-fields-with-example': 'false',
  'sort-endpoints-by': 'none',
  'use-path-in-nav-bar': 'false',
  'show-method-in-nav-bar': 'as-colored-text',
  'nav-item-spacing': 'compact',
  'on-nav-tag-click': 'expand-collapse',
  'show-header': 'false',
  'show-components': 'true',
  'allow-server-selection': 'false',
  'allow-spec-file-download': 'false',
  'allow-advanced-search': 'false',
};

startTheme();
const reference = document.createElement('rapi-doc');
for (const [name, value] of Object.entries(attributes)) reference.setAttribute(name, value);
document.body.append(reference);

async function read(target) {
  const response = await fetch(target, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${target} has the status ${response.status}`);
  return response.json();
}

const isOperation = (each) => typeof each === 'object' && 'responses' in each;

/** The description without the credentials that its routes need on servers with sign-in. */
function withoutSecurity(description) {
  for (const operation of Object.values(description.paths).flatMap(Object.values).filter(isOperation))
    delete operation.security;
  delete description.components.securitySchemes;
  return description;
}

/** Shows the description of the API. If this server needs no credentials, the part about credentials is left out. */
async function load() {
  const session = read('/session').catch(() => undefined); // refused, if the server needs a credential
  const description = await read('/openapi.json');
  const needsNoCredential = (await session)?.name === 'anonymous';
  if (needsNoCredential) reference.setAttribute('allow-authentication', 'false');
  await reference.loadSpec(needsNoCredential ? withoutSecurity(description) : description);
  await reference.updateComplete;
}

const loading = document.querySelector('.loading');
load().then(
  () => loading.remove(),
  (error) => (loading.textContent = `The reference could not be loaded: ${error.message}. Load the page again.`),
);

// Corrects mistakes of RapiDoc. Without these styles, the license begins to the left of all other lines. On a phone, the title
// would touch the header, and the credentials of a route would cover the beginning of its body.
const corrections = new CSSStyleSheet();
corrections.replaceSync(`
  #api-info { margin-left: 0 }
  .endpoint-body { position: relative; padding-top: 32px }
  @media (max-width: 767px) { #api-title { padding-top: 16px } }
`);
reference.shadowRoot.adoptedStyleSheets.push(corrections);
