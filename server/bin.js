#!/usr/bin/env node
// Plain JavaScript, so that a Node that is too old prints this message instead of a syntax error.
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
// Node runs TypeScript directly, but not under node_modules: an installed package runs its build.
import(import.meta.dirname.includes('node_modules') ? '../dist/node/main.js' : './main.ts');
