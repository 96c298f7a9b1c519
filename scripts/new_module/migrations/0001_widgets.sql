-- The tables of the widgets module. Times are milliseconds since 1970, UTC.
CREATE TABLE widgets_widget (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- the id of a deleted row is never used again
    title      TEXT    NOT NULL COLLATE NOCASE,   -- filtered by prefix, without regard to ASCII case
    revision   INTEGER NOT NULL DEFAULT 1,        -- counts every change of the columns above
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX widgets_widget_title ON widgets_widget (title); -- SQLite adds the id to each entry of an index

-- The module's handler inserts one row for each event about a widget.
CREATE TABLE widgets_history (
    id INTEGER PRIMARY KEY,
    widget_id INTEGER NOT NULL,
    topic TEXT NOT NULL,
    happened_at INTEGER NOT NULL
) STRICT;
