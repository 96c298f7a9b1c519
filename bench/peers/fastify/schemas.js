// The schemas of requests, which Ajv checks, and of responses, which fast-json-stringify writes. Fastify compiles both at the
// start.

// 1 to 100 code points without control characters, and without a space at the beginning or the end.
const name = {
  type: 'string',
  minLength: 1,
  maxLength: 100,
  pattern: '^(?! )[^\\u0000-\\u001f\\u007f-\\u009f]*(?<! )$',
};

// The grammar that the WHATWG's HTML standard defines for <input type=email>.
const email = {
  type: 'string',
  maxLength: 254,
  pattern:
    "^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?" +
    '(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$',
};

export const newUser = {
  type: 'object',
  required: ['username', 'email'],
  additionalProperties: false,
  properties: { username: name, email },
};

export const newOrder = {
  type: 'object',
  required: ['username', 'product_name'],
  additionalProperties: false,
  properties: { username: name, product_name: name, quantity: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 } },
};

export const userQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    limit: { type: 'string', pattern: '^([1-9][0-9]{0,2}|1000)$' },
    after: { type: 'string' },
  },
};

const user = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    username: { type: 'string' },
    email: { type: 'string' },
    order_count: { type: 'integer' },
    last_order_at: { type: 'string', nullable: true },
    revision: { type: 'integer' },
    created_at: { type: 'string' },
    updated_at: { type: 'string' },
  },
};

const order = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    user_id: { type: 'integer' },
    user: { type: 'string' },
    product_name: { type: 'string' },
    quantity: { type: 'integer' },
    status: { type: 'string' },
    revision: { type: 'integer' },
    created_at: { type: 'string' },
    updated_at: { type: 'string' },
  },
};

export const users = { type: 'array', items: user };
export const createdUser = { type: 'object', properties: { message: { type: 'string' }, user } };
export const createdOrder = { type: 'object', properties: { message: { type: 'string' }, order } };
