import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

/**
 * Builds dist/node, the program as an installed package runs it. Packages stay outside, to be updated
 * without us, but for two: their 350 small files were half of what any command took to start.
 */
await build({
  configFile: false,
  root,
  logLevel: 'warn',
  ssr: { target: 'node', noExternal: ['kysely', 'zod'] },
  build: {
    ssr: 'server/main.ts',
    outDir: 'dist/node',
    target: 'node24',
    minify: false,
    rolldownOptions: {
      // All side by side: what looks for the package's folder finds it from here as from the sources.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
