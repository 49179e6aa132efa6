/** The style sheet of the demo page. */
export const pageStyles = `
:root {
  color-scheme: light;
  font:
    15px / 24px system-ui,
    sans-serif;
  color: #13161b;
  background: #f3f5f8;
}

body {
  margin: 0;
}

header,
section {
  padding: 32px max(24px, calc(50vw - 460px));
}

h1 {
  font-size: 24px;
  line-height: 32px;
  letter-spacing: -0.015em;
  margin: 0;
}

header p {
  margin: 4px 0 0;
  color: #5b6370;
}

h2 {
  font-size: 18px;
  line-height: 24px;
  margin: 0;
}

h3 {
  font-size: 13px;
  line-height: 20px;
  font-weight: 600;
  margin: 24px 0 8px;
}

.row {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr));
  gap: 16px;
  align-items: start;
}

.dark {
  color-scheme: dark;
}

section.dark {
  color: #f3f4f6;
  background: #08090b;
}

.light {
  color-scheme: light;
}

iframe {
  border: none;
  border-radius: 12px;
}

details {
  margin-top: 12px;
  font-size: 13px;
}

summary {
  cursor: pointer;
  width: max-content;
}

pre {
  overflow-x: auto;
  padding: 12px 16px;
  margin: 8px 0 0;
  border: 1px solid color-mix(in srgb, currentColor 20%, transparent);
  border-radius: 8px;
}
`;
