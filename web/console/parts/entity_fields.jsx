// The fields of a form for an entity, made from their schemas.
import { toInteger } from '../core/exact_json.js';
import { formatCount, titleOf } from '../core/format.js';
import { Field } from './field.jsx';

/** The rules of a field, for the hint below it. */
function rulesOf(field) {
  const parts = [];
  if (field.minLength || field.maxLength)
    parts.push(`${field.minLength ?? 0} to ${field.maxLength ?? 'any number of'} characters`);
  if (field.minimum !== undefined && field.maximum !== undefined)
    parts.push(`${formatCount(field.minimum)} to ${formatCount(field.maximum)}`);
  else if (field.minimum !== undefined) parts.push(`at least ${formatCount(field.minimum)}`);
  return parts.join(', ');
}

const hintOf = (field) => [field.description, rulesOf(field)].filter(Boolean).join(' ').trim() || undefined;

function Control({ field, value, onChange, ...rest }) {
  const change = (event) => onChange(event.target.value);
  if (field.enum) {
    return (
      <select {...rest} name={field.name} value={value} onChange={change}>
        {!field.isRequired && (
          <option value="">{field.default === undefined ? '(not set)' : `(default: ${field.default})`}</option>
        )}
        {field.enum.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    );
  }
  const type = { email: 'email', 'date-time': 'text', uri: 'url' }[field.format] ?? 'text';
  return (
    <input
      {...rest}
      name={field.name}
      type={type}
      inputMode={field.type === 'integer' ? 'numeric' : undefined}
      maxLength={field.maxLength}
      placeholder={field.default === undefined ? undefined : String(field.default)}
      autocomplete="off"
      value={value}
      onInput={change}
    />
  );
}

/** `values` has the text of each field by name, `errors` the errors of the server by name. */
export function EntityFields({ fields, values, errors, onChange }) {
  return fields.map((field) => (
    <Field
      key={field.name}
      label={titleOf(field.name)}
      description={hintOf(field)}
      error={errors[field.name]}
      isRequired={field.isRequired}
    >
      {(attributes) => (
        <Control
          {...attributes}
          field={field}
          value={values[field.name] ?? ''}
          onChange={(value) => onChange(field.name, value)}
        />
      )}
    </Field>
  ));
}

/**
 * Converts a text to a value for the server. A text that is not a number is sent as it is, so that the server explains the
 * error.
 */
export function valueOf(field, text) {
  if (field.type === 'integer' && /^-?\d+$/.test(text)) return toInteger(text);
  if (field.type === 'number' && text.trim() !== '' && !Number.isNaN(Number(text))) return Number(text);
  if (field.type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

/** Returns {name: error} for the fields to which the pointers of an `ApiError` refer. */
export const errorsByName = (error) =>
  Object.fromEntries(
    (error?.errors ?? []).filter(({ pointer }) => pointer).map(({ pointer, detail }) => [pointer.slice(1), detail]),
  );

/** Moves the focus to the first field with an error. */
export const focusFirstError = (form) => form?.querySelector('[aria-invalid=true]')?.focus();
