/** What Lit looks for in the window, where an element of the page may be called so. */
const names = `trustedTypes ShadyCSS litPropertyMetadata litElementHydrateSupport
  reactiveElementVersions reactiveElementPolyfillSupport litHtmlVersions litHtmlPolyfillSupport
  litElementVersions litElementPolyfillSupport`;

const page = globalThis as Record<string, unknown>;
// Of its own a window has what scripts gave it: an element is found behind that.
for (const name of names.split(/\s+/))
  if (page[name] && !Object.hasOwn(page, name)) page[name] = undefined;
