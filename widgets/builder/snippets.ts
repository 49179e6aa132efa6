import { attributeOf, elementName, type WidgetName, widgets } from '../../shared/widgets.ts';

/** What a developer pastes. */
export interface Choice {
  widget: WidgetName;
  /** Empty: a placeholder stands for it. */
  key: string;
  /** Of the server. */
  origin: string;
  /** The parameters that were set, by their names on the wire. */
  values: Readonly<Record<string, string>>;
}

const placeholder = 'pt_YOUR_KEY';

/** Where the shell of a choice is. */
export function addressOf({ widget, key, origin, values }: Choice): string {
  const query = new URLSearchParams({ key: key || placeholder, ...values });
  return `${origin}/embed/partner/${widget}?${query}`;
}

/** Each kind of snippet: what its tab is called, and its text. */
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
<script type="module" src="${choice.origin}/loader.js" data-key="${
    choice.key || placeholder
  }"></script>

${element(choice, '')}</pt-${choice.widget}>`,

  React: (choice) => `import '@proptally/widgets/${choice.widget}';

export function ${elementName(choice.widget)}() {
  return (
    ${element(choice, '    ', true)}</pt-${choice.widget}>
  );
}`,

  Vue: (choice) => `<script setup>
import '@proptally/widgets/${choice.widget}';
</script>

<template>
  ${element(choice, '  ', true)}</pt-${choice.widget}>
</template>`,
};

/** The opening tag; in a bundle of the page's own `isAlone` it says whose server and key. */
function element({ widget, key, origin, values }: Choice, indent: string, isAlone = false): string {
  const attributes = Object.entries({
    ...(isAlone && { base: origin, 'api-key': key || placeholder }),
    ...values,
  }).map(([name, value]) => `${attributeOf(name)}="${escapeText(value)}"`);
  const line = [`<pt-${widget}`, ...attributes].join(' ');
  if (line.length <= 80) return `${line}>`;
  return `<pt-${widget}\n${attributes.map((text) => `${indent}  ${text}\n`).join('')}${indent}>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
