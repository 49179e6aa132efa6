import { pageDocument } from '../page-document.ts';
import type { TokenSource } from './token.ts';

/** What opens a page's widgets, and the one server that it is for. */
export type PageCredential = {
  /** The server, such as `https://stats.example.com`. */
  base: string;
} & (
  | { /** A publishable key. */ key: string; token?: undefined }
  | { /** An embed token, or what gets one. */ token: string | TokenSource; key?: undefined }
);

/** What {@link setCredential} was given. */
interface Page extends EventTarget {
  credential?: PageCredential;
}

/** The same for all copies of the script on a page, and beyond the reach of its markup. */
const name = Symbol.for('proptally');

const shared = globalThis as { [name]?: Page };
shared[name] ??= new EventTarget();
const page: Page = shared[name];

/**
 * Says for all widgets of the page that have no key or token of their own which server they ask, and
 * with what. May be called again, such as for another visitor. Throws when `base` is no address.
 */
export function setCredential(credential: PageCredential): void {
  page.credential = { ...credential, base: new URL(credential.base).origin };
  page.dispatchEvent(new Event('change'));
}

/** Where the script came from. */
const scriptOrigin = () => new URL(import.meta.url).origin;

const baseOr = (base: string | null | undefined) =>
  URL.canParse(base ?? '') ? base! : scriptOrigin();

/** A key or token, and the server that it was given for. */
interface Credential {
  base: string;
  key?: string | null | undefined;
  token?: string | TokenSource | null | undefined;
}

/** What a script tag of ours says, all of it one and the same tag. */
function ofScript(): Credential | undefined {
  for (const script of pageDocument.querySelectorAll('script')) {
    // A dataset has what the page adds to Object.prototype, too.
    const [key, token, base] = ['key', 'token', 'base'].map((one) =>
      script.getAttribute(`data-${one}`),
    );
    // Of SVG's scripts src is something else.
    if ((key || token) && String(script.src).startsWith(`${scriptOrigin()}/`))
      return { key, token, base: baseOr(base) };
  }
  return undefined;
}

/** What an element asks with, and whom: its own, else the script tag's, else the page's. */
export function credentialFor(element: {
  token: Credential['token'];
  apiKey: Credential['key'];
  base: string | null | undefined;
}): Credential | undefined {
  const { token, apiKey: key, base } = element;
  return token || key ? { token, key, base: baseOr(base) } : (ofScript() ?? page.credential);
}

/** Calls `changed` when what the page asks with may be another. */
export function watchPage(changed: () => void): void {
  page.addEventListener('change', changed);
}

let observer: MutationObserver | undefined;

/** Waits for a script tag that says more than those that there are. */
export function awaitScript(): void {
  observer ??= new MutationObserver(() => {
    if (!ofScript()) return;
    observer!.disconnect();
    observer = undefined;
    page.dispatchEvent(new Event('change'));
  });
  const attributeFilter = ['data-key', 'data-token', 'src'];
  observer.observe(globalThis.document, { subtree: true, childList: true, attributeFilter });
}
