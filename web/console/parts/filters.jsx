// The filters of a list. They are part of the address, so that a list can be kept as a bookmark or sent to others.
import { useEffect, useId, useState } from 'preact/hooks';

import { address, setQuery } from '../core/router.js';

const isoOf = (local) => (local ? new Date(local).toISOString() : '');
function localOf(iso) {
  const date = new Date(iso);
  if (!iso || Number.isNaN(date.getTime())) return '';
  return new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function Input({ filter, id, isFirst }) {
  const current = address.value.query[filter.name] ?? '';
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  const apply = (value) => value !== current && setQuery({ [filter.name]: value, after: undefined });
  const isTime = filter.format === 'date-time';
  useEffect(() => {
    if (text === current || isTime) return undefined;
    const timer = setTimeout(() => apply(text.trim()), 350);
    return () => clearTimeout(timer);
  }, [text]);
  const options = filter.enum;
  if (options) {
    return (
      <select id={id} value={current} onChange={(event) => apply(event.target.value)}>
        <option value="">any</option>
        {options.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      id={id}
      type={isTime ? 'datetime-local' : isFirst ? 'search' : 'text'}
      inputMode={filter.type === 'integer' || filter.type === 'number' ? 'numeric' : undefined}
      value={isTime ? localOf(current) : text}
      placeholder={filter.placeholder}
      autocomplete="off"
      spellcheck={false}
      data-search={isFirst ? '' : undefined}
      title={filter.description}
      onInput={(event) => (isTime ? apply(isoOf(event.target.value)) : setText(event.target.value))}
    />
  );
}

/**
 * `filters` is [{name, title, enum, format, placeholder, description, isWide, isNarrow}]. The key "/" moves the focus to the
 * first filter.
 */
export function Filters({ filters, label = 'Filters', children }) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const names = filters.map((each) => each.name);
  const isFiltered = names.some((name) => address.value.query[name]);
  const clear = () => setQuery(Object.fromEntries([...names, 'after'].map((name) => [name, undefined])));
  return (
    <form
      class={isOpen ? 'filters open' : 'filters'}
      role="search"
      aria-label={label}
      onSubmit={(event) => event.preventDefault()}
    >
      {filters.map((each, index) => (
        <div class={each.isWide ? 'filter wide' : each.isNarrow ? 'filter narrow' : 'filter'} key={each.name}>
          <label for={`${id}-${each.name}`}>{each.title ?? each.name}</label>
          <Input filter={each} id={`${id}-${each.name}`} isFirst={index === 0} />
        </div>
      ))}
      {filters.length > 1 && (
        <button type="button" class="button more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Fewer filters' : 'More filters'}
        </button>
      )}
      {children}
      <button type="button" class="button quiet" hidden={!isFiltered} onClick={clear}>
        Clear
      </button>
    </form>
  );
}
