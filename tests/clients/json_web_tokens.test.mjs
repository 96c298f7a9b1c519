// Compares the server with `jose`, another implementation of JSON Web Tokens. Both accept the tokens that jose signs, and both
// refuse the same modified tokens.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';

import { Atrium } from './atrium.mjs';

const issuer = 'https://issuer.example';
const audience = 'atrium';
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];

const folder = mkdtempSync(path.join(tmpdir(), 'atrium-keys-'));
const pairs = new Map();
let keySet, server;

before(async () => {
  for (const alg of algorithms) pairs.set(alg, await generateKeyPair(alg, { modulusLength: 2048, extractable: true }));
  const keys = await Promise.all(
    algorithms.map(async (alg) => ({ ...(await exportJWK(pairs.get(alg).publicKey)), kid: alg, alg, use: 'sig' })),
  );
  keySet = createLocalJWKSet({ keys });
  writeFileSync(path.join(folder, 'keys.json'), JSON.stringify({ keys }));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a server that accepts the tokens of this issuer, and sets `server`. */
async function start(t) {
  server = await Atrium.start(t, [
    'auth.mode=jwt',
    `auth.jwt.issuer=${issuer}`,
    `auth.jwt.audience=${audience}`,
    `auth.jwt.jwks=${path.join(folder, 'keys.json')}`,
  ]);
}

/** A valid token; `change` may change it before it is signed. */
function sign(alg, change = () => {}) {
  const token = new SignJWT({ scope: 'users:read openid' })
    .setProtectedHeader({ alg, kid: alg, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(['other', audience])
    .setSubject('alice')
    .setExpirationTime('10 minutes');
  change(token);
  return token.sign(pairs.get(alg).privateKey);
}

/** Whether the server accepts the token. */
async function serverAccepts(token) {
  const answer = await server.request('GET', '/session', undefined, { Authorization: `Bearer ${token}` });
  assert.ok([200, 401].includes(answer.status), answer.text);
  return answer.status === 200;
}

async function joseAccepts(token) {
  const options = { issuer, audience, clockTolerance: 60, algorithms, requiredClaims: ['exp', 'sub'] };
  return jwtVerify(token, keySet, options).then(
    () => true,
    () => false,
  );
}

async function bothAccept(token) {
  assert.equal(await joseAccepts(token), true, `jose refuses ${token}`);
  assert.equal(await serverAccepts(token), true, `the server refuses ${token}`);
}

async function bothRefuse(token, description) {
  assert.equal(await joseAccepts(token), false, `jose accepts ${description}`);
  assert.equal(await serverAccepts(token), false, `the server accepts ${description}`);
}

test('the server accepts tokens that jose signs, and ignores the scope openid, which is not a scope of Atrium', async (t) => {
  await start(t);
  for (const alg of algorithms) {
    const token = await sign(alg);
    await bothAccept(token);
    const answer = await server.request('GET', '/session', undefined, { Authorization: `Bearer ${token}` });
    const { name, scopes } = answer.json();
    assert.deepEqual({ name, scopes }, { name: 'jwt:alice', scopes: ['users:read'] });
  }
});

test('jose and the server refuse tokens with a wrong time, issuer, audience or kid', async (t) => {
  await start(t);
  const changes = {
    'an expired token': (token) => token.setExpirationTime(new Date(Date.now() - 3_600_000)),
    'a token of the future': (token) => token.setNotBefore('1 hour'),
    'a token of another issuer': (token) => token.setIssuer(`${issuer}/`),
    'a token for another audience': (token) => token.setAudience('other'),
    'an unknown kid': (token) => token.setProtectedHeader({ alg: 'ES256', kid: 'unknown' }),
    'the kid of a key with another algorithm': (token) => token.setProtectedHeader({ alg: 'ES256', kid: 'RS256' }),
  };
  for (const [description, change] of Object.entries(changes)) await bothRefuse(await sign('ES256', change), description);
});

test('jose and the server allow clocks to differ by a minute', async (t) => {
  await start(t);
  await bothAccept(await sign('EdDSA', (token) => token.setExpirationTime(new Date(Date.now() - 30_000))));
  await bothAccept(await sign('EdDSA', (token) => token.setNotBefore(new Date(Date.now() + 30_000))));
});

test('jose and the server refuse a token without a signature, or with the signature of another key', async (t) => {
  await start(t);
  const unsigned = new UnsecuredJWT({})
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('alice')
    .setExpirationTime('10 minutes')
    .encode();
  await bothRefuse(unsigned, 'an unsigned token');
  for (const alg of algorithms) {
    const [header, payload, signature] = (await sign(alg)).split('.');
    await bothRefuse(`${header}.${payload}.`, `${alg} without a signature`);
    const other = await sign(alg, (token) => token.setSubject('mallory'));
    await bothRefuse(`${header}.${other.split('.')[1]}.${signature}`, `${alg} with another payload`);
    const { privateKey } = await generateKeyPair(alg, { modulusLength: 2048 });
    const forged = await new SignJWT({})
      .setProtectedHeader({ alg, kid: alg })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('alice')
      .setExpirationTime('10 minutes')
      .sign(privateKey);
    await bothRefuse(forged, `${alg} with a foreign key`);
  }
});

// The last character of each part is not changed, because it may have unused bits, which jose ignores.
test('jose and the server refuse a token if one character of it is changed', async (t) => {
  await start(t);
  for (const alg of algorithms) {
    const token = await sign(alg);
    const parts = token.split('.');
    const ends = [parts[0].length - 1, parts[0].length + parts[1].length, token.length - 1];
    for (let i = 0; i < token.length; i += 11) {
      if (token[i] === '.' || ends.includes(i)) continue;
      const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
      await bothRefuse(changed, `${alg} with a change at ${i}`);
    }
  }
});
