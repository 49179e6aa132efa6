/** Where the script came from, which is where its answers come from. */
export const originOfScript = new URL(import.meta.url).origin;

/** The key a page gives once for all its widgets: `<script data-key="pt_…" src="…/widgets.js">`. */
export function keyOfPage(): string | null {
  for (const script of document.querySelectorAll<HTMLScriptElement>('script[data-key]'))
    if (script.src.startsWith(`${originOfScript}/`)) return script.getAttribute('data-key');
  return null;
}
