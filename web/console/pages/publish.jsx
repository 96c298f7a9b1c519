// Publishes an event by hand.
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { newKey, request } from '../core/api.js';
import { curl } from '../core/clipboard.js';
import { examplesByTopic } from '../core/event_schemas.js';
import { writeJson } from '../core/exact_json.js';
import { address, navigate } from '../core/router.js';
import { can, isSignedIn, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Confirm } from '../parts/confirm.jsx';
import { Copy } from '../parts/copy.jsx';
import { parse } from '../parts/edit_letter.jsx';
import { errorsByName, focusFirstError } from '../parts/entity_fields.jsx';
import { Field } from '../parts/field.jsx';
import { Forbidden } from '../parts/forbidden.jsx';
import { Page } from '../parts/page.jsx';
import { Problem } from '../parts/problem.jsx';
import { useLoad } from '../core/live.js';
import { EventsTabs } from './events_tabs.jsx';

/** The fields that show their errors themselves. */
const shown = ['/topic', '/key', '/priority', '/deliver_at'];

function useTopics() {
  const { data } = useLoad('/console/data/house');
  const [examples, setExamples] = useState({});
  useEffect(() => {
    examplesByTopic().then(setExamples, () => {});
  }, []);
  const topics = data?.topics?.map(({ name }) => name) ?? Object.keys(examples);
  return { topics, examples };
}

function bodyOf({ topic, key, priority, deliver_at: due }, data) {
  return {
    topic,
    data,
    ...(key && { key }),
    ...(priority && { priority: /^\d+$/.test(priority) ? Number(priority) : priority }),
    ...(due && { deliver_at: new Date(due).toISOString() }),
  };
}

function Form() {
  const [values, setValues] = useState({
    topic: address.value.query.topic ?? '',
    key: '',
    priority: '',
    deliver_at: '',
  });
  const [state, setState] = useState({});
  const { topics, examples } = useTopics();
  const idempotencyKey = useRef(newKey());
  const form = useRef();
  const id = useId();
  // An example does not replace a text that the user has typed.
  const text = values.data ?? (examples[values.topic] ? writeJson(examples[values.topic], 2) : '{}');
  const { data, fault } = parse(text);
  const errors = errorsByName(state.error);
  useLayoutEffect(() => focusFirstError(form.current), [state.error]);
  const change = (name) => (event) => setValues((all) => ({ ...all, [name]: event.target.value }));
  const ask = (event) => {
    event.preventDefault();
    if (!fault) setState({ isAsking: true });
  };
  const send = async () => {
    try {
      const { data: published } = await request('POST', '/events/', {
        body: bodyOf(values, data),
        key: idempotencyKey.current,
      });
      navigate(`/console/events/${published.seq}`);
    } catch (error) {
      setState({ error }); // also closes the confirmation, so that the errors beside the fields can be seen
      idempotencyKey.current = newKey();
    }
  };
  return (
    <form class="form" ref={form} onSubmit={ask} noValidate aria-label="Publish an event">
      <Problem error={state.error} hidden={shown} />
      <Field label="Topic" isRequired error={errors.topic} description="A topic that a module publishes.">
        {(attributes) => (
          <input {...attributes} list={id} value={values.topic} autocomplete="off" data-search onInput={change('topic')} />
        )}
      </Field>
      <datalist id={id}>
        {topics.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <Field label="Data" isRequired error={fault} description="Exactly the fields of the topic.">
        {(attributes) => (
          <textarea
            {...attributes}
            name="data"
            class="mono"
            rows={10}
            spellcheck={false}
            value={text}
            onInput={change('data')}
          />
        )}
      </Field>
      <div class="form-row">
        <Field label="Key" error={errors.key} description="If empty: the key that the module would use.">
          {(attributes) => (
            <input {...attributes} value={values.key} autocomplete="off" placeholder="order/7" onInput={change('key')} />
          )}
        </Field>
        <Field label="Priority" error={errors.priority} description="0 to 9; higher ones come first.">
          {(attributes) => (
            <input {...attributes} value={values.priority} inputMode="numeric" placeholder="4" onInput={change('priority')} />
          )}
        </Field>
        <Field label="Deliver at" error={errors.deliver_at} description="Local time. If empty: now.">
          {(attributes) => (
            <input {...attributes} type="datetime-local" value={values.deliver_at} onInput={change('deliver_at')} />
          )}
        </Field>
      </div>
      <footer class="form-foot">
        <Button kind="primary" type="submit" reason={reasonAgainst('events:operate') ?? fault}>
          Publish this event…
        </Button>
        <Copy text={() => curl('POST', '/events/', { body: writeJson(bodyOf(values, data)), needsToken: isSignedIn() })}>
          Copy as curl
        </Copy>
      </footer>
      {state.isAsking && (
        <Confirm
          title={`Publish ${values.topic || 'the event'}?`}
          action="Publish"
          kind="primary"
          work={send}
          onClose={() => setState((old) => ({ ...old, isAsking: false }))}
        >
          <p>Every subscription of this topic handles it like an event of the module. This cannot be undone.</p>
        </Confirm>
      )}
    </form>
  );
}

export function Publish() {
  return (
    <Page title="Publish an event" tabs={<EventsTabs />}>
      {can('events:operate') ? <Form /> : <Forbidden scope="events:operate" />}
    </Page>
  );
}
