// Changes an entity. If somebody else has changed the entity in the meantime, the server refuses the change, and the form keeps
// what was typed.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { request } from '../core/api.js';
import { curl } from '../core/clipboard.js';
import { writeJson } from '../core/exact_json.js';
import { isSignedIn } from '../core/session.js';
import { Button } from './button.jsx';
import { Copy } from './copy.jsx';
import { Dialog } from './dialog.jsx';
import { EntityFields, errorsByName, focusFirstError, valueOf } from './entity_fields.jsx';
import { Problem } from './problem.jsx';

const textsOf = (fields, record) =>
  Object.fromEntries(fields.map(({ name }) => [name, record[name] === null ? '' : String(record[name] ?? '')]));

export function EditForm({ entity, record, etag, target, onReload, onClose }) {
  const fields = entity.changeFields.map((each) => ({ ...each, isRequired: Boolean(each.enum) }));
  const [values, setValues] = useState(() => textsOf(fields, record));
  const [state, setState] = useState({});
  const form = useRef();
  const before = textsOf(fields, record);
  const changed = fields.filter(({ name }) => values[name] !== before[name]);
  const body = Object.fromEntries(changed.map((field) => [field.name, valueOf(field, values[field.name])]));
  const headers = etag ? { 'If-Match': etag } : {};
  useLayoutEffect(() => form.current.querySelector('input, select')?.focus(), []);
  useLayoutEffect(() => focusFirstError(form.current), [state.error]);
  const send = async (event) => {
    event.preventDefault();
    if (changed.length === 0) return;
    setState({ isBusy: true });
    try {
      await request('PATCH', target, { body, headers });
      announce(`${entity.name} ${record.id} was changed`);
      onReload();
      onClose();
    } catch (error) {
      setState({ error });
      if (error.status === 412) onReload();
    }
  };
  const reason = changed.length === 0 ? 'Nothing is changed yet.' : state.isBusy ? 'It is being sent.' : undefined;
  return (
    <Dialog title={`Edit ${entity.name.toLowerCase()} ${record.id}`} onClose={onClose}>
      <form class="form" ref={form} onSubmit={send} noValidate>
        <Problem error={state.error} hidden={fields.map(({ name }) => `/${name}`)}>
          {state.error?.status === 412 && (
            <p>
              It was changed by others in the meantime. The page behind shows its present values; save again to apply
              yours.
            </p>
          )}
        </Problem>
        <EntityFields
          fields={fields}
          values={values}
          errors={errorsByName(state.error)}
          onChange={(name, value) => setValues((all) => ({ ...all, [name]: value }))}
        />
        <footer class="dialog-foot">
          <Copy text={() => curl('PATCH', target, { body: writeJson(body), headers, needsToken: isSignedIn() })}>
            Copy as curl
          </Copy>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" reason={reason}>
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
