// The measured part of Atrium's API, written in the usual style of Fastify.
// usage: node server.js PORT DATABASE [PROCESSES]
import { STATUS_CODES } from 'node:http';
import Fastify from 'fastify';
import * as schemas from './schemas.js';
import { serve } from '../shared/serve.mjs';
import { openStore } from './store.js';

function problem(reply, status, title, detail, errors) {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title, status, detail, instance: reply.request.id, errors });
}

// Cursors are opaque: base64url of a version and the last id.
const cursorOf = (id) => Buffer.from(`1:${id}`).toString('base64url');

function positionOf(cursor) {
  if (cursor === undefined) return 0;
  const match = /^1:([1-9][0-9]{0,15})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match ? Number(match[1]) : undefined;
}

// Converts an error that Ajv found in a body to the form that Atrium uses: a pointer to the field, even if the field is missing
// or unknown.
function faultOfBody({ instancePath, params, message }) {
  const field = params.missingProperty ?? params.additionalProperty;
  return { pointer: field === undefined ? instancePath : `${instancePath}/${field}`, detail: message };
}

// The same for an error in a query string, with the name of the parameter instead of a pointer.
function faultOfQuery(ajvError) {
  const { pointer, detail } = faultOfBody(ajvError);
  return { parameter: pointer.slice(1), detail };
}

function replyToError(error, request, reply) {
  if (error.validation !== undefined && error.validationContext === 'body')
    return problem(reply, 422, 'Unprocessable Content', 'the body has errors', error.validation.map(faultOfBody));
  if (error.validation !== undefined)
    return problem(reply, 400, 'Bad Request', error.message, error.validation.map(faultOfQuery));
  if (error.code === 'SQLITE_CONSTRAINT_UNIQUE') {
    const field = error.message.split('.').at(-1);
    return problem(reply, 409, 'Conflict', `this ${field} is taken`, [{ pointer: `/${field}`, detail: 'is taken' }]);
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) return problem(reply, status, STATUS_CODES[status]);
  return problem(reply, status, STATUS_CODES[status], error.message);
}

function build(store) {
  const app = Fastify({
    logger: false,
    ignoreTrailingSlash: true,
    ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } },
  });
  app.setErrorHandler(replyToError);
  app.get('/livez', () => ({ status: 'ok' }));

  app.get('/users', { schema: { querystring: schemas.userQuery, response: { 200: schemas.users } } }, (request, reply) => {
    const { after } = request.query;
    const limit = Number(request.query.limit ?? 100);
    const position = positionOf(after);
    if (position === undefined) return problem(reply, 400, 'Bad Request', 'after is not a cursor');
    const users = store.listUsers(position, limit + 1);
    if (users.length > limit) {
      users.pop();
      reply.header('link', `</users/?limit=${limit}&after=${cursorOf(users.at(-1).id)}>; rel="next"`);
    }
    return reply.send(users);
  });

  app.post('/users', { schema: { body: schemas.newUser, response: { 201: schemas.createdUser } } }, (request, reply) => {
    const { username, email } = request.body;
    const user = store.createUser(username, email, new Date().toISOString());
    return reply.code(201).header('location', `/users/${user.id}`).send({ message: 'User created successfully', user });
  });

  app.post('/orders', { schema: { body: schemas.newOrder, response: { 201: schemas.createdOrder } } }, (request, reply) => {
    const { username, product_name: productName, quantity } = request.body;
    const order = store.placeOrder(username, productName, quantity, new Date().toISOString());
    if (order === undefined) {
      const errors = [{ pointer: '/username', detail: 'is not a user' }];
      return problem(reply, 422, 'Unprocessable Content', 'there is no such user', errors);
    }
    return reply.code(201).header('location', `/orders/${order.id}`).send({ message: 'Order created successfully', order });
  });
  return app;
}

await serve(openStore, build);
