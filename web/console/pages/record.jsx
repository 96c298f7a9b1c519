// One entity: its fields, the entities that belong to it, and its events.
import { useState } from 'preact/hooks';

import { announce } from '../core/announce.js';
import { request, withQuery } from '../core/api.js';
import { curl } from '../core/clipboard.js';
import { findEntity, nameFieldOf, relationsOf } from '../core/description.js';
import { titleOf } from '../core/format.js';
import { queryFor } from '../core/graphql_text.js';
import { useLoad } from '../core/live.js';
import { navigate } from '../core/router.js';
import { can, isSignedIn, reasonAgainst } from '../core/session.js';
import { Button } from '../parts/button.jsx';
import { Confirm } from '../parts/confirm.jsx';
import { Copy } from '../parts/copy.jsx';
import { EditForm } from '../parts/edit_form.jsx';
import { Empty } from '../parts/empty.jsx';
import { EntityGuard } from '../parts/entity_guard.jsx';
import { EntityTable } from '../parts/entity_table.jsx';
import { EventTable } from '../parts/event_table.jsx';
import { Page } from '../parts/page.jsx';
import { Problem } from '../parts/problem.jsx';
import { Section } from '../parts/section.jsx';
import { Value } from '../parts/value.jsx';

const maxRows = 10; // of each related list
const period = 5000; // milliseconds, the same for all parts of the page, so that they show the same state

function Facts({ entity, record }) {
  return (
    <dl class="facts">
      {entity.fields.map((field) => (
        <div key={field.name}>
          <dt title={field.description}>{titleOf(field.name)}</dt>
          <dd>
            <Value field={field} value={record[field.name]} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Returns the address of the form for a new related entity. The field that refers to the `owner` is already filled in, with
 *  the owner's id or name. */
function createTarget(owner, entity, parameter, record) {
  const field = entity.createFields.find(({ name }) => [parameter, nameFieldOf(owner), `${parameter}_id`].includes(name));
  const value = field?.type === 'integer' ? record.id : record[nameFieldOf(owner)];
  return withQuery(`/console/entities/${entity.plural}/new`, field ? { [field.name]: value } : {});
}

function Related({ owner, relation, record }) {
  const { entity, parameter, valueOf } = relation;
  const value = valueOf(record);
  const isAllowed = can(entity.scopes.list);
  const { data, error } = useLoad(isAllowed ? withQuery(entity.path, { [parameter]: value, limit: maxRows }) : null, {
    period,
  });
  const all = withQuery(`/console/entities/${entity.plural}`, { [parameter]: value });
  const create = createTarget(owner, entity, parameter, record);
  return (
    <Section
      title={titleOf(entity.plural)}
      action={data?.length === maxRows && <a href={all}>All {entity.plural} of this {owner.name.toLowerCase()}</a>}
    >
      {isAllowed ? null : <p class="muted">{reasonAgainst(entity.scopes.list)}</p>}
      <Problem error={error} />
      {isAllowed && !error && (
        <EntityTable
          entity={entity}
          label={titleOf(entity.plural)}
          rows={data}
          empty={
            <Empty title={`No ${entity.plural}.`}>
              {can(entity.scopes.create) && <a href={create}>New {entity.name.toLowerCase()}</a>}
            </Empty>
          }
        />
      )}
    </Section>
  );
}

function Events({ entity, id }) {
  const key = `${entity.eventsKey}/${id}`;
  const isAllowed = can('events:read');
  const { data, error, next } = useLoad(isAllowed ? withQuery('/events/', { key, order: 'newest', limit: maxRows }) : null, {
    period,
  });
  const all = withQuery('/console/events', { key });
  return (
    <Section title="Events" action={next && <a href={all}>All events of {key}</a>}>
      {isAllowed ? null : <p class="muted">{reasonAgainst('events:read')}</p>}
      <Problem error={error} />
      {isAllowed && !error && (
        <EventTable
          label={`Events of ${key}`}
          rows={data}
          empty={
            next ? (
              <Empty title={`None of the newest events is about ${key}.`}>
                <a href={all}>Search all events</a>
              </Empty>
            ) : (
              <Empty title={`The journal has no events of ${key}.`}>
                Events are kept for a limited time: see events.retention in the configuration.
              </Empty>
            )
          }
        />
      )}
    </Section>
  );
}

function One({ entity, id }) {
  const [open, setOpen] = useState();
  const target = entity.path + id;
  const { data, headers, error, reload } = useLoad(target, { period, isPaused: open !== undefined });
  const list = `/console/entities/${entity.plural}`;
  const etag = headers?.get('ETag');
  const name = data?.[nameFieldOf(entity)];
  const close = () => setOpen(undefined);
  const remove = async () => {
    await request('DELETE', target, { headers: etag ? { 'If-Match': etag } : {} });
    announce(`${entity.name} ${id} was deleted`);
    navigate(list, { replace: true });
  };
  return (
    <Page
      title={`${entity.name} ${id}`}
      note={name}
      trail={[[list, titleOf(entity.plural)]]}
      actions={
        data && (
          <>
            <Copy data-key="y" text={() => curl('GET', target, { needsToken: isSignedIn() })}>
              Copy as curl
            </Copy>
            <Copy
              data-key="q"
              text={() => queryFor(entity, { id })}
              link={(text) => ({ href: `/graphql/?query=${encodeURIComponent(text)}`, text: 'Open in GraphiQL' })}
            >
              Copy as GraphQL
            </Copy>
            <Button data-key="e" reason={reasonAgainst(entity.scopes.change)} onClick={() => setOpen('edit')}>
              Edit
            </Button>
            <Button data-key="x" kind="danger" reason={reasonAgainst(entity.scopes.remove)} onClick={() => setOpen('remove')}>
              Delete
            </Button>
          </>
        )
      }
    >
      <Problem error={error}>
        <p>
          <a href={list}>All {entity.plural}</a>
        </p>
      </Problem>
      {data && open === 'edit' && (
        <EditForm entity={entity} record={data} etag={etag} target={target} onReload={reload} onClose={close} />
      )}
      {data && <Facts entity={entity} record={data} />}
      {data &&
        relationsOf(entity).map((each) => <Related key={each.entity.plural} owner={entity} relation={each} record={data} />)}
      {data && entity.eventsKey && <Events entity={entity} id={id} />}
      {open === 'remove' && (
        <Confirm title={`Delete ${entity.name.toLowerCase()} ${id}?`} action="Delete" work={remove} onClose={close}>
          <p>
            {name ? <strong>{name}</strong> : `${entity.name} ${id}`}
            {relationsOf(entity).map((each) => ` and all related ${each.entity.plural}`)}
            {relationsOf(entity).length > 0 ? ' are' : ' is'} removed for good.
          </p>
        </Confirm>
      )}
    </Page>
  );
}

export function Record({ plural, id }) {
  return <EntityGuard plural={plural}>{() => <One entity={findEntity(plural)} id={id} />}</EntityGuard>;
}
