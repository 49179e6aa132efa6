import { pageDocument } from './core/page-document.ts';

/**
 * For a page with shells in iframes: `<script src="…/embed.js" async></script>` gives each frame the
 * height that its shell posts, whenever that changes, also within open shadow roots. Other frames are
 * left alone.
 */
const { origin } = new URL((pageDocument.currentScript as HTMLScriptElement).src);

const shells = new Set<HTMLIFrameElement>();

/** Tells a shell that its height is followed. To any origin, as the frame may still hold another document. */
const follow = (shell: HTMLIFrameElement) =>
  shell.contentWindow?.postMessage({ type: 'proptally:follow' }, '*');

/** Follows the shells that are new in the page. */
function followAll(root: ParentNode = pageDocument): void {
  for (const element of root.querySelectorAll('*')) {
    if (element.shadowRoot) followAll(element.shadowRoot);
    if (!(element instanceof HTMLIFrameElement) || shells.has(element)) continue;
    if (!element.src.startsWith(`${origin}/embed/partner/`)) continue;
    shells.add(element);
    element.addEventListener('load', () => follow(element));
    follow(element);
  }
}

function shellOf(source: MessageEventSource | null): HTMLIFrameElement | undefined {
  for (const shell of shells) {
    if (!shell.isConnected) shells.delete(shell);
    else if (shell.contentWindow === source) return shell;
  }
  return undefined;
}

/** The borders and padding of a frame, if its height includes them. */
function edgesOf(shell: HTMLIFrameElement): number {
  const { boxSizing, paddingTop, paddingBottom } = getComputedStyle(shell);
  if (boxSizing !== 'border-box') return 0;
  const borders = shell.offsetHeight - shell.clientHeight;
  return borders + Number.parseFloat(paddingTop) + Number.parseFloat(paddingBottom);
}

const highest = 5_000;

addEventListener('message', ({ source, origin: from, data }) => {
  if (from !== origin || data?.type !== 'proptally:height') return;
  const { height } = data;
  // It may be a new frame in a shadow root, about which there was no event.
  if (!shellOf(source)) followAll();
  const shell = shellOf(source);
  if (shell && height > 0 && height <= highest) shell.style.height = `${height + edgesOf(shell)}px`;
});

pageDocument.addEventListener('load', () => followAll(), true);
addEventListener('load', () => followAll());
followAll();
