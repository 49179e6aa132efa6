import { pageDocument } from '../page-document.ts';
import type { TokenSource } from './token.ts';

/** What opens a page's widgets, and the one server that it is for. */
export type PageCredential = {
  /** The server, such as `https://stats.example.com`. */
  base: string;
} & (
  | { /** A publishable key. */ key: string; token?: undefined }
  | {
      /** An embed token, or a function that gets one. */ token: string | TokenSource;
      key?: undefined;
    }
);

/** What {@link setCredential} was given. */
interface Page extends EventTarget {
  credential?: PageCredential;
}

/** Shared by all copies of the script on a page, and out of reach of its markup. */
const name = Symbol.for('proptally');

const shared = globalThis as { [name]?: Page };
shared[name] ??= new EventTarget();
const page: Page = shared[name];

/**
 * Sets the server and the credential for all widgets of the page that have no key or token of their
 * own. May be called again, such as for another visitor. Throws when `base` is no address.
 */
export function setCredential(credential: PageCredential): void {
  page.credential = { ...credential, base: new URL(credential.base).origin };
  page.dispatchEvent(new Event('change'));
}

/** Where this script was loaded from. */
const scriptOrigin = () => new URL(import.meta.url).origin;

const baseOr = (base: string | null | undefined) =>
  URL.canParse(base ?? '') ? base! : scriptOrigin();

/** A key or token, and the server that it is for. */
interface Credential {
  base: string;
  key?: string | null | undefined;
  token?: string | TokenSource | null | undefined;
}

/** The credential on the first script tag of ours that has one; its base is of the same tag. */
function scriptCredential(): Credential | undefined {
  for (const script of pageDocument.querySelectorAll('script')) {
    // Not by dataset, which also has what the page adds to Object.prototype.
    const [key, token, base] = ['key', 'token', 'base'].map((one) =>
      script.getAttribute(`data-${one}`),
    );
    // The src of an SVG script is no string.
    if ((key || token) && String(script.src).startsWith(`${scriptOrigin()}/`))
      return { key, token, base: baseOr(base) };
  }
  return undefined;
}

/** An element's own credential, else the script tag's, else the page's. */
export function credentialFor(element: {
  token: Credential['token'];
  apiKey: Credential['key'];
  base: string | null | undefined;
}): Credential | undefined {
  const { token, apiKey: key, base } = element;
  return token || key
    ? { token, key, base: baseOr(base) }
    : (scriptCredential() ?? page.credential);
}

/** Calls `changed` when the page's credential may have changed. */
export function onCredentialChange(changed: () => void): void {
  page.addEventListener('change', changed);
}

let observer: MutationObserver | undefined;

/** Waits for a script tag with a credential, where there is none yet. */
export function watchForScript(): void {
  observer ??= new MutationObserver(() => {
    if (!scriptCredential()) return;
    observer!.disconnect();
    observer = undefined;
    page.dispatchEvent(new Event('change'));
  });
  const attributeFilter = ['data-key', 'data-token', 'src'];
  observer.observe(globalThis.document, { subtree: true, childList: true, attributeFilter });
}
