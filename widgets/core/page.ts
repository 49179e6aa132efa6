import type { WidgetElement } from './element.ts';
import { watched } from './sight.ts';

/** Where the script came from, which is where its answers come from. */
const originOfScript = new URL(import.meta.url).origin;

/**
 * What a page says once for all its widgets: on the script tag (`data-token`, `data-key`,
 * `data-base`), or on any of its widgets, as an attribute or as a property.
 */
function ofPage<Property extends 'token' | 'apiKey' | 'base'>(
  property: Property,
  name: string,
  attribute: string,
): WidgetElement[Property] {
  for (const script of document.querySelectorAll<HTMLScriptElement>(`script[data-${name}]`))
    if (script.src.startsWith(`${originOfScript}/`)) return script.getAttribute(`data-${name}`);
  // Those whose code is still to be loaded, or came with another script, are not watched here.
  const others = document.querySelectorAll(`[${attribute}],:not(:defined)`);
  for (const element of [...watched(), ...others] as WidgetElement[])
    if (element.localName.startsWith('pt-')) {
      const value = element[property] || element.getAttribute(attribute);
      if (value) return value;
    }
  return null;
}

export const tokenOfPage = () => ofPage('token', 'token', 'token');

export const keyOfPage = () => ofPage('apiKey', 'key', 'api-key');

/** The origin of the API. */
export const baseOfPage = () => ofPage('base', 'base', 'base') ?? originOfScript;
