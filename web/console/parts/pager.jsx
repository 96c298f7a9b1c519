// Leads to the next page of a list, and back to the first one. The number of pages of a list is not known, only whether there
// is a next one.
import { positionOf } from '../core/api.js';
import { address, setQuery } from '../core/router.js';
import { Button } from './button.jsx';

export function Pager({ next, count, isLoading }) {
  const { after } = address.value.query;
  if (count === undefined) return null;
  const goTo = (position) => setQuery({ after: position }, { replace: false });
  return (
    <div class="pager">
      <span class="muted" role="status">
        {isLoading ? 'Loading…' : `${count} on this page`}
      </span>
      <span class="actions">
        <Button data-key="[" reason={after ? undefined : 'This is the first page.'} onClick={() => goTo(undefined)}>
          First page
        </Button>
        <Button data-key="]" reason={next ? undefined : 'This is the last page.'} onClick={() => goTo(positionOf(next))}>
          Next page
        </Button>
      </span>
    </div>
  );
}
