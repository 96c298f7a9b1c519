// The addresses of the pages to which the parts of the house are linked.
import { withQuery } from '../core/api.js';
import { description } from '../core/description.js';

export const routeName = ({ method, path }) => `${method} ${path}`;

export const linkOf = {
  route: ({ method, path }) =>
    withQuery('/console/requests', { method, route: path, console: method === 'GET' ? 'true' : undefined }),
  topic: ({ name }) => withQuery('/console/events', { topic: name }),
  subscription: ({ name }) => `/console/events/subscriptions/${name}`,
};

/** The address to which a module is linked: the list of its entities; if it has no entities, the requests to its first route;
 *  if it has no routes either, the events. */
export function moduleLink({ routes }) {
  const entity = description.value?.entities.find((each) => routes.some(({ path }) => path === each.path));
  if (entity) return `/console/entities/${entity.plural}`;
  return routes[0] ? linkOf.route(routes[0]) : '/console/events';
}
