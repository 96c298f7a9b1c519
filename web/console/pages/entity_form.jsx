// Creates an entity. Errors of the server appear beside their fields, and nothing that was typed is lost.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { newKey, request } from '../core/api.js';
import { curl } from '../core/clipboard.js';
import { findEntity } from '../core/description.js';
import { writeJson } from '../core/exact_json.js';
import { titleOf } from '../core/format.js';
import { address, navigate } from '../core/router.js';
import { isSignedIn, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Copy } from '../parts/copy.jsx';
import { EntityFields, errorsByName, focusFirstError, valueOf } from '../parts/entity_fields.jsx';
import { EntityGuard } from '../parts/entity_guard.jsx';
import { Page } from '../parts/page.jsx';
import { Problem } from '../parts/problem.jsx';

function bodyOf(entity, values) {
  const set = entity.createFields.filter(({ name }) => values[name]);
  return Object.fromEntries(set.map((field) => [field.name, valueOf(field, values[field.name])]));
}

/** Returns the id of the created entity, from the `Location` of the response or, without it, from the entity in the body. */
const idIn = (data, headers) => headers.get('Location')?.match(/(\d+)$/)?.[1] ?? data.id;

function Form({ entity }) {
  const [values, setValues] = useState({ ...address.value.query });
  const [state, setState] = useState({});
  const form = useRef();
  const key = useRef(newKey());
  const errors = errorsByName(state.error);
  const list = `/console/entities/${entity.plural}`;
  useLayoutEffect(() => form.current.querySelector('input, select')?.focus(), []);
  useLayoutEffect(() => focusFirstError(form.current), [state.error]);
  const change = (name, value) => {
    key.current = newKey();
    setValues((all) => ({ ...all, [name]: value }));
  };
  const send = async (event) => {
    event.preventDefault();
    setState({ isBusy: true });
    try {
      const { data, headers } = await request('POST', entity.path, { body: bodyOf(entity, values), key: key.current });
      const id = idIn(data, headers);
      announce(`${entity.name} ${id} was created`);
      navigate(id ? `${list}/${id}` : list, { replace: true });
    } catch (error) {
      setState({ error });
    }
  };
  return (
    <Page
      title={`New ${entity.name.toLowerCase()}`}
      trail={[[list, titleOf(entity.plural)]]}
      actions={
        <Copy text={() => curl('POST', entity.path, { body: writeJson(bodyOf(entity, values)), needsToken: isSignedIn() })}>
          Copy as curl
        </Copy>
      }
    >
      <form class="form" ref={form} onSubmit={send} noValidate aria-label={`New ${entity.name.toLowerCase()}`}>
        <Problem error={state.error} hidden={entity.createFields.map(({ name }) => `/${name}`)} />
        <EntityFields fields={entity.createFields} values={values} errors={errors} onChange={change} />
        <footer class="form-foot">
          <Button
            kind="primary"
            type="submit"
            reason={reasonAgainst(entity.scopes.create) ?? (state.isBusy ? 'It is being sent.' : undefined)}
          >
            Create {entity.name.toLowerCase()}
          </Button>
          <a class="button" href={list}>
            Cancel
          </a>
        </footer>
      </form>
    </Page>
  );
}

export function EntityForm({ plural }) {
  return <EntityGuard plural={plural}>{() => <Form entity={findEntity(plural)} />}</EntityGuard>;
}
