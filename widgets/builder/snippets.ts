import { escapeText } from '../../shared/markup.ts';
import { attributeOf, elementName, type WidgetName, widgets } from '../../shared/widgets.ts';

/** The widget, its parameters and the credential of a snippet. */
export interface Choice {
  widget: WidgetName;
  /** Empty: a placeholder takes its place. */
  key: string;
  /** Of the server. */
  origin: string;
  /** The parameters that were set, by their names in an address. */
  values: Readonly<Record<string, string>>;
}

const placeholder = 'pt_YOUR_KEY';

/** The address of the shell. */
export function addressOf({ widget, key, origin, values }: Choice): string {
  const query = new URLSearchParams({ key: key || placeholder, ...values });
  return `${origin}/embed/partner/${widget}?${query}`;
}

/** The text of each kind of snippet, by the label of its tab. */
export const snippets: Readonly<Record<string, (choice: Choice) => string>> = {
  iframe(choice) {
    const { title, height } = widgets[choice.widget];
    const { theme = 'dark' } = choice.values;
    const scheme = theme === 'auto' ? 'light dark' : theme;
    return `<iframe
  src="${escapeText(addressOf(choice))}"
  title="${title}" width="100%" height="${height}" frameborder="0" loading="lazy"
  style="border:none;border-radius:12px;color-scheme:${scheme}"
></iframe>`;
  },

  'Script tag': (choice) => `<link rel="stylesheet" href="${choice.origin}/widgets.css">
<script type="module" src="${choice.origin}/loader.js" data-key="${escapeText(
    choice.key || placeholder,
  )}"></script>

${element(choice, '')}</pt-${choice.widget}>`,

  React: (choice) => `${setUp(choice, 'react')}

export function ${elementName(choice.widget)}() {
  return (
    ${element(choice, '    ')}</pt-${choice.widget}>
  );
}`,

  Vue: (choice) => `<script setup lang="ts">
${setUp(choice, 'vue')}
</script>

<template>
  ${element(choice, '  ')}</pt-${choice.widget}>
</template>`,
};

/** The server and key, which a bundle sets once. */
function setUp({ widget, key, origin }: Choice, framework: string): string {
  const given = `{ base: ${scriptText(origin)}, key: ${scriptText(key || placeholder)} }`;
  return `// In the page’s head: <link rel="stylesheet" href="${origin}/widgets.css">
import { setCredential } from '@proptally/widgets/${widget}';
import '@proptally/widgets/${framework}';

setCredential(${given});`;
}

/** The opening tag. Attributes are escaped in the same way in HTML, JSX and Vue. */
function element({ widget, values }: Choice, indent: string): string {
  const attributes = Object.entries(values).map(
    ([name, value]) => `${attributeOf(name)}="${escapeText(value)}"`,
  );
  const line = [`<pt-${widget}`, ...attributes].join(' ');
  if (line.length <= 80) return `${line}>`;
  return `<pt-${widget}\n${attributes.map((text) => `${indent}  ${text}\n`).join('')}${indent}>`;
}

/** A string literal that the text can't end, nor the script element around it. */
function scriptText(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replaceAll('<', '\\x3c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `'${inner}'`;
}
