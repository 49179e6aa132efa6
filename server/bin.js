#!/usr/bin/env node
// Plain JavaScript that any Node understands, so that one too old is told so instead of a syntax error.
var needed = 24;
if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(
    'PropTally needs Node ' +
      needed +
      ' or later; this is Node ' +
      process.versions.node +
      '.\n' +
      'Install a newer one, or run it inside the project, which brings its own: npm run proptally -- …',
  );
  process.exit(1);
}
// Node runs TypeScript as it stands, but not under node_modules: there what was built is run.
import(import.meta.dirname.includes('node_modules') ? '../dist/node/main.js' : './main.ts');
