// Shows `children` once the description of the server is loaded, or reports that the server has no such entity.
import { description, findEntity, loadDescription } from '../core/description.js';
import { Button } from './button.jsx';
import { Page } from './page.jsx';
import { Problem } from './problem.jsx';

export function EntityGuard({ plural, children }) {
  if (!description.value) return <Page title="…" name={plural} />;
  if (description.value.error) {
    return (
      <Page title={plural}>
        <Problem error={description.value.error}>
          <p>The console reads what it shows here from /openapi.json.</p>
          <Button onClick={loadDescription}>Try again</Button>
        </Problem>
      </Page>
    );
  }
  if (!findEntity(plural)) {
    return (
      <Page title="There is no such list">
        <p>
          No module of this server has <code>{plural}</code>. <a href="/console/house">House</a> shows its modules.
        </p>
      </Page>
    );
  }
  return children();
}
