/** Models the effects and errors of mutations on the rows of store.mjs, as docs/ describes them for REST and GraphQL. */
import { GraphQLError } from 'graphql';

import { byId, lower } from './store.mjs';

// Each of these functions returns the rule that the value breaks, or undefined.
function faultOfName(name) {
  if (name.length === 0) return 'must have 1 to 100 characters';
  if (/[\x00-\x1f\x7f]/.test(name)) return 'must not contain control characters';
  return name !== name.trim() ? 'must not begin or end with a blank' : undefined;
}
const faultOfEmail = (email) => (/^[^@]+@[a-z.]+$/i.test(email) ? undefined : 'must be an email address');
const faultOfProduct = (name) => (name.length === 0 ? 'must have 1 to 100 characters' : undefined);
const faultOfQuantity = (quantity) => (quantity < 1 || quantity > 1_000_000 ? 'must be between 1 and 1000000' : undefined);

/** Throws an error if fields of an input object are invalid. The error names the field, or has the number of fields if several
 *  are invalid. */
function checkFields(input, rules) {
  const faults = [];
  for (const [field, rule] of Object.entries(rules)) {
    const value = input[field];
    const fault = value === undefined ? undefined : value === null ? 'must not be null' : rule(value);
    if (fault) faults.push(`${field} ${fault}`);
  }
  if (faults.length > 0) throw new GraphQLError(faults.length === 1 ? faults[0] : `${faults.length} fields are invalid`);
}

/** Root values of mutations for graphql-js. `lastUser` and `lastOrder` are the last ids that were used, even if their rows are
 *  deleted; new rows get the ids after them. */
export function mutationsOf(store, lastUser, lastOrder) {
  const requireRow = (rows, id, kind) => {
    const row = byId(rows, id);
    if (!row) throw new GraphQLError(`there is no such ${kind}`);
    return row;
  };
  const checkUnique = (user) => {
    const taken = ['username', 'email'].filter((field) =>
      store.users.some((each) => each.id !== user.id && lower(each[field]) === lower(user[field])),
    );
    if (taken.length > 0) throw new GraphQLError(`${taken.join(' and ')} ${taken.length > 1 ? 'are' : 'is'} taken`);
  };
  const userOf = (name) => store.users.find((each) => lower(each.username) === lower(name));
  const remove = (rows, row) => rows.splice(rows.indexOf(row), 1);
  /** Whether `input` has another value than `row` for any field. */
  const changes = (row, input) => Object.entries(input).some(([field, value]) => row[field] !== value);

  return {
    createUser: ({ input }) => {
      checkFields(input, { username: faultOfName, email: faultOfEmail });
      checkUnique(input);
      return store.addUser({ id: ++lastUser, ...input, revision: 1 });
    },
    updateUser: ({ id, input }) => {
      checkFields(input, { username: faultOfName, email: faultOfEmail });
      const user = requireRow(store.users, id, 'user');
      if (!changes(user, input)) return user;
      checkUnique({ ...user, ...input });
      return Object.assign(user, input, { revision: user.revision + 1 });
    },
    deleteUser: ({ id }) => {
      remove(store.users, requireRow(store.users, id, 'user'));
      for (const order of store.orders.filter((each) => String(each.userId) === id)) remove(store.orders, order);
      return id;
    },
    createOrder: ({ input }) => {
      const faultOfCustomer = (name) => (userOf(name) ? undefined : 'is not the name of a user');
      checkFields(input, { username: faultOfCustomer, productName: faultOfProduct, quantity: faultOfQuantity });
      const { username, ...rest } = input;
      return store.addOrder({ id: ++lastOrder, userId: userOf(username).id, ...rest, status: 'PLACED', revision: 1 });
    },
    updateOrder: ({ id, input }) => {
      checkFields(input, { quantity: faultOfQuantity, status: () => undefined });
      const order = requireRow(store.orders, id, 'order');
      if (!changes(order, input)) return order;
      if (order.status !== 'PLACED') throw new GraphQLError(`the order is ${order.status.toLowerCase()}, which is final`);
      return Object.assign(order, input, { revision: order.revision + 1 });
    },
    deleteOrder: ({ id }) => {
      remove(store.orders, requireRow(store.orders, id, 'order'));
      return id;
    },
  };
}
