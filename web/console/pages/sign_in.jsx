// Signs in with a token. The form appears at the address of the requested page, which opens afterwards.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { request } from '../core/api.js';
import { address, navigate } from '../core/router.js';
import { isSignedIn, session } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Command } from '../parts/command.jsx';
import { Field } from '../parts/field.jsx';
import { Icon } from '../parts/icon.jsx';
import { Problem } from '../parts/problem.jsx';

const page = '/console/sign-in';

/** Returns `target` if it is an address of this server, otherwise that of the first page. */
const ownPage = (target) => (target?.startsWith('/') && !target.startsWith('//') ? target : '/');

function Form() {
  const [token, setToken] = useState('');
  const [state, setState] = useState({});
  const field = useRef();
  useLayoutEffect(() => {
    document.title = 'Sign in · Atrium';
    field.current?.querySelector('input').focus();
  }, []);
  const send = async (event) => {
    event.preventDefault();
    if (!token.trim()) return;
    setState({ isBusy: true });
    try {
      const { data } = await request('POST', '/session', { body: { token: token.trim() }, isSignIn: true });
      if (address.value.path === page) navigate(ownPage(address.value.query.next), { replace: true });
      session.value = data;
    } catch (error) {
      setState({ error });
      field.current.querySelector('input').select();
    }
  };
  const isWrong = state.error?.status === 401;
  const reason = token.trim() ? (state.isBusy ? 'The token is being checked.' : undefined) : 'Enter a token first.';
  return (
    <form class="form" ref={field} onSubmit={send}>
      <Field
        label="Token"
        error={isWrong ? 'The server does not accept this token: it may be mistyped, expired or revoked.' : undefined}
      >
        {(attributes) => (
          <input
            {...attributes}
            type="password"
            autocomplete="current-password"
            spellcheck={false}
            value={token}
            onInput={(event) => setToken(event.target.value)}
          />
        )}
      </Field>
      {!isWrong && <Problem error={state.error} />}
      <Button kind="primary" type="submit" reason={reason}>
        Sign in
      </Button>
    </form>
  );
}

function Present() {
  return (
    <p>
      You are <strong>{session.value.name}</strong>. <a href="/">Go to the console</a>.
    </p>
  );
}

export function SignIn() {
  const isInside = Boolean(session.value);
  const Frame = isInside ? 'div' : 'main';
  return (
    <Frame class="alone sign-in">
      <h1>
        <Icon name="brand" /> Sign in to Atrium
      </h1>
      {isInside && !isSignedIn() ? (
        <p>
          This server needs no sign-in (auth.mode is "none"). <a href="/">Go to the console</a>.
        </p>
      ) : isSignedIn() ? (
        <Present />
      ) : (
        <Form />
      )}
      {!isInside && (
        <details>
          <summary>I have no token</summary>
          <p>The person who runs the server creates one on the server's machine:</p>
          <Command text="atrium token create --name me --scope admin" />
          <p class="muted">
            If the server has no tokens yet, it printed a link for the first administrator when it was started, or its log names
            the file that contains the link.
          </p>
        </details>
      )}
    </Frame>
  );
}
