// A labeled field of a form, with its description and its error.
import { useId } from 'preact/hooks';

export function Field({ label, description, error, isRequired, children }) {
  const id = useId();
  const described = [description && `${id}-d`, error && `${id}-e`].filter(Boolean).join(' ') || undefined;
  return (
    <div class={error ? 'field invalid' : 'field'}>
      <label for={id}>
        {label}
        {isRequired && (
          <span class="required" title="required">
            {' '}
            *
          </span>
        )}
      </label>
      {children({
        id,
        'aria-describedby': described,
        'aria-invalid': error ? 'true' : undefined,
        'aria-required': isRequired ? 'true' : undefined,
      })}
      {description && (
        <p class="hint" id={`${id}-d`}>
          {description}
        </p>
      )}
      {error && (
        <p class="fault" id={`${id}-e`}>
          {error}
        </p>
      )}
    </div>
  );
}
