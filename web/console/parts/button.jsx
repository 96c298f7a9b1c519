// A button. A button that cannot be used can still be reached with the Tab key, and shows the reason.
export function Button({ kind = 'plain', reason, onClick, type = 'button', children, ...rest }) {
  const refuse = (event) => event.preventDefault();
  return (
    <button
      type={type}
      class={`button ${kind}`}
      aria-disabled={reason ? 'true' : undefined}
      aria-description={reason}
      data-why={reason}
      aria-keyshortcuts={rest['data-key']}
      onClick={reason ? refuse : onClick}
      {...rest}
    >
      {children}
    </button>
  );
}
