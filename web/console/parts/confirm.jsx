// Asks for confirmation, then runs an action. If the action fails, shows the reason.
import { useState } from 'preact/hooks';

import { Button } from './button.jsx';
import { Dialog } from './dialog.jsx';
import { Problem } from './problem.jsx';

export function Confirm({ title, action, kind = 'danger', work, onClose, children }) {
  const [state, setState] = useState({});
  const confirm = async () => {
    setState({ isBusy: true });
    try {
      await work();
      onClose();
    } catch (error) {
      setState({ error });
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <Problem error={state.error} />
      <footer class="dialog-foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind={kind} reason={state.isBusy ? 'It is being done.' : undefined} onClick={confirm}>
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}
