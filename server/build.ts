import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

/**
 * Packages that every command loads. They are bundled, as loading their some 400 small files took
 * half of a command's start-up time.
 */
const builtIn = [
  'cli-progress',
  'commander',
  'csv-parse',
  /^(dom|entities|htmlparser2)/,
  'kysely',
  'zod',
];

/**
 * Builds dist/node, which an installed package runs. Packages that only the server loads are not
 * bundled.
 */
await build({
  configFile: false,
  root,
  logLevel: 'warn',
  ssr: { target: 'node', noExternal: builtIn },
  build: {
    ssr: true,
    outDir: 'dist/node',
    target: 'node24',
    minify: false,
    rolldownOptions: {
      // The command line, and the threads that it starts.
      input: [
        'main',
        ...['reader', 'writer', 'importer', 'sender'].map((name) => `threads/${name}`),
      ].map((name) => `server/${name}.ts`),
      // Without subfolders, so that installed.ts finds the package's folder two levels up, as it
      // does in the sources.
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        // Each thread keeps the whole text of what it runs in memory.
        comments: false,
      },
    },
  },
});
