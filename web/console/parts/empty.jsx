// Replaces the rows of an empty table: states that there are none, and what to do next.
export function Empty({ title, children }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}
