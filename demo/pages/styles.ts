/** The style sheet of the demo's pages. */
export const pageStyles = `
:root {
  --ground: #08090b;
  --bar: #0e1014;
  --ink: #f3f4f6;
  --muted: #98a0ac;
  --line: #262a31;
  --accent: #8ea6ff;
  --on-accent: #06130d;
  color-scheme: dark;
  font: 14px / 20px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  color: var(--ink);
  background: var(--ground);
}

[data-theme='light'] {
  --ground: #f3f5f8;
  --bar: #fff;
  --ink: #13161b;
  --muted: #5b6370;
  --line: #e3e6ea;
  --accent: #3d5fdc;
  --on-accent: #fff;
  color-scheme: light;
}

body {
  margin: 0;
}

a {
  color: var(--accent);
}

.bar {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 8px 32px;
  padding: 12px max(16px, calc(50vw - 656px));
  background: var(--bar);
  border-bottom: 1px solid var(--line);
}

.brand {
  display: flex;
  align-items: center;
  gap: 8px;
  font-size: 16px;
  font-weight: 700;
  letter-spacing: -0.01em;
  color: var(--ink);
  text-decoration: none;
}

.brand svg {
  width: 24px;
  fill: var(--accent);
}

nav {
  display: flex;
  flex: 1 1 auto;
  flex-wrap: wrap;
  gap: 4px;
}

nav a {
  padding: 6px 12px;
  border-radius: 8px;
  color: var(--muted);
  text-decoration: none;
}

nav a[aria-current] {
  color: var(--ink);
  background: color-mix(in srgb, var(--accent) 14%, transparent);
}

button,
select {
  height: 36px;
  padding: 0 12px;
  border: 1px solid var(--line);
  border-radius: 8px;
  font: inherit;
  color: var(--ink);
  background: var(--bar);
  cursor: pointer;
}

:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

main {
  padding: 24px max(16px, calc(50vw - 656px)) 32px;
}

.head {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 12px 24px;
  margin-bottom: 20px;
}

.head > div:first-child {
  flex: 1 1 240px;
}

h1 {
  margin: 0;
  font-size: 22px;
  line-height: 28px;
  letter-spacing: -0.015em;
}

.head p,
.strict > p,
footer {
  margin: 0;
  color: var(--muted);
}

.periods {
  display: flex;
}

.periods button {
  border-radius: 0;
  margin-inline-start: -1px;
}

.periods button:first-child {
  border-radius: 8px 0 0 8px;
}

.periods button:last-child {
  border-radius: 0 8px 8px 0;
}

.periods [aria-pressed='true'] {
  color: var(--on-accent);
  background: var(--accent);
}

.grid {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 16px;
}

@media (560px <= width < 1000px) {
  .grid {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }

  .grid > .a {
    height: 300px;
  }

  .grid > .c {
    height: 240px;
  }

  .grid > .e {
    height: 420px;
  }

  .grid > :is(.alone, .full) {
    grid-column: span 2;
    height: auto;
  }
}

@media (width >= 1000px) {
  .grid {
    grid-template-columns: repeat(6, minmax(0, 1fr));
  }

  .grid > * {
    grid-column: span 2;
  }

  .grid > .wide {
    grid-column: span 4;
  }

  .grid > .half {
    grid-column: span 3;
  }

  .grid > .full {
    grid-column: span 6;
  }

  .grid > .a {
    height: 320px;
  }

  .grid > .c {
    height: 260px;
  }

  .grid > .d {
    height: 400px;
  }

  .grid > .e {
    height: 440px;
  }
}

footer {
  padding: 0 max(16px, calc(50vw - 656px)) 32px;
  font-size: 12px;
}

.strict h2 {
  margin: 24px 0 8px;
  font-size: 13px;
}

.received pre {
  overflow-x: auto;
  margin: 0;
  padding: 12px 16px;
  border: 1px solid var(--line);
  border-radius: 8px;
  font: 12px / 18px ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, monospace;
  background: var(--bar);
}

.received ol {
  display: grid;
  gap: 12px;
  margin: 24px 0 0;
  padding: 0;
  list-style: none;
}

.received li {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  gap: 4px 12px;
}

.received li > * {
  min-width: 0;
}

.received li pre {
  flex: 1 0 100%;
  box-sizing: border-box;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}

.received :is(time, code, .mark) {
  font-size: 12px;
  color: var(--muted);
  font-variant-numeric: tabular-nums;
}

.received .mark {
  color: var(--accent);
}

.pair {
  display: grid;
  grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 16px;
  align-items: start;
}

iframe {
  display: block;
  border: none;
  border-radius: 12px;
  color-scheme: dark;
}

@media (width < 656px) {
  .pair {
    grid-template-columns: minmax(0, 1fr);
  }
}
`;
