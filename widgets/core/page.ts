/** Where the script came from, which is where its answers come from. */
const originOfScript = new URL(import.meta.url).origin;

/**
 * What a page says once for all its widgets: on the script tag (`data-key`, `data-base`), or as an
 * attribute (`api-key`, `base`) of any of its widgets.
 */
function ofPage(name: string, attribute: string): string | null {
  for (const script of document.querySelectorAll<HTMLScriptElement>(`script[data-${name}]`))
    if (script.src.startsWith(`${originOfScript}/`)) return script.getAttribute(`data-${name}`);
  for (const element of document.querySelectorAll(`[${attribute}]`))
    if (element.localName.startsWith('pt-') && element.getAttribute(attribute))
      return element.getAttribute(attribute);
  return null;
}

export const keyOfPage = () => ofPage('key', 'api-key');

/** The origin of the API. */
export const baseOfPage = () => ofPage('base', 'base') ?? originOfScript;
