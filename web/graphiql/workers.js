// The editor's language services run in workers. Their files are beside this one, with the names set in build.mjs.
const files = {
  json: 'json.worker.js',
  graphql: 'graphql.worker.js',
};

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(files[label] ?? 'editor.worker.js', import.meta.url), { type: 'module', name: label }),
};
