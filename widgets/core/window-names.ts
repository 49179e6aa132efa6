/** Globals that Lit looks for. An element of the page with such a name would be taken for one. */
const names = `trustedTypes ShadyCSS litPropertyMetadata litElementHydrateSupport
  reactiveElementVersions reactiveElementPolyfillSupport litHtmlVersions litHtmlPolyfillSupport
  litElementVersions litElementPolyfillSupport`;

const page = globalThis as Record<string, unknown>;
// Own properties of the window were set by scripts; elements are found on its prototype.
for (const name of names.split(/\s+/))
  if (page[name] && !Object.hasOwn(page, name)) page[name] = undefined;
