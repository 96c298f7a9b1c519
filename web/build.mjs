// Builds the pages that Atrium serves itself into a folder.
// usage: node build.mjs [FOLDER [PAGE...]]     build/web by default, with all pages
//
// A page consists of FOLDER/NAME/index.html and the files that it loads. The names of all files except pages and workers
// contain a hash of their content, so that browsers may keep them forever. Nothing is loaded from another host.
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.resolve(process.argv[2] ?? path.join(here, '../build/web'));

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
};

await rm(target, { recursive: true, force: true });
const pages = {
  console: () => buildPage('console', { jsxImportSource: 'preact' }),
  // RapiDoc is built from its sources, which import each other by "~". Its own parser is replaced by a faster one.
  docs: () =>
    buildPage('docs', {
      alias: { '~': './node_modules/rapidoc/src', '@apitools/openapi-parser': './docs/open_api_parser.js' },
    }),
  graphiql: buildGraphiql,
};
const chosen = process.argv.slice(3);
for (const name of chosen.length > 0 ? chosen : Object.keys(pages)) await pages[name]();

// Builds the page of the folder NAME: NAME/main.jsx with its style sheet, and NAME/index.html, which refers to these two files.
async function buildPage(name, options = {}) {
  const folder = path.join(target, name);
  await mkdir(folder, { recursive: true });
  const page = await build({
    ...common,
    ...options,
    entryPoints: [`${name}/main.jsx`],
    outdir: folder,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    splitting: true,
    jsx: 'automatic',
    loader: { '.ttf': 'file' },
    metafile: true,
  });
  const [main, { cssBundle }] = Object.entries(page.metafile.outputs).find(
    ([, output]) => output.entryPoint === `${name}/main.jsx`,
  );
  const names = {
    'main.js': path.basename(main),
    'main.css': path.basename(cssBundle),
    preloads: preloads(name, page.metafile.outputs, main),
  };
  const html = await readFile(path.join(here, name, 'index.html'), 'utf8');
  await writeFile(
    path.join(folder, 'index.html'),
    html.replace(/\{\{(.+?)\}\}/g, (_, file) => names[file]),
  );
}

// Returns elements that preload the files which the script `main` imports at its beginning. Without these elements, a browser
// would request the files only after it has loaded the script.
function preloads(name, outputs, main) {
  const files = outputs[main].imports.filter(({ kind }) => kind === 'import-statement').map((each) => path.basename(each.path));
  return files.map((each) => `<link rel="modulepreload" href="/${name}/assets/${each}" />`).join('\n    ');
}

async function buildGraphiql() {
  await buildPage('graphiql');
  await build({
    ...common,
    entryPoints: {
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
    },
    outdir: path.join(target, 'graphiql'),
  });
}
