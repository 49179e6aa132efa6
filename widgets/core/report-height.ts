/** The messages between a shell and its page. They hold no key and no data. */
interface Message {
  type: 'proptally:follow' | 'proptally:height';
  /** The height of the shell's root, in px. */
  height?: number;
}

/**
 * Posts the height that a shell wants to the page around it, whenever that changes. To a page that has
 * said that it follows (embed.js) it is the height of everything there is to show, to others no more
 * than that of the frame.
 */
export function reportHeight(): void {
  if (parent === window) return;
  const root = document.documentElement;
  let origin = originOfPage();
  const report = () => {
    const message: Message = {
      type: 'proptally:height',
      height: Math.ceil(root.getBoundingClientRect().height),
    };
    if (origin) parent.postMessage(message, origin);
  };
  addEventListener('message', ({ source, origin: from, data }: MessageEvent<Message | null>) => {
    if (source !== parent || data?.type !== 'proptally:follow' || !/^https?:/.test(from)) return;
    origin = from;
    root.style.maxHeight = 'none';
    report();
  });
  new ResizeObserver(report).observe(root);
}

/** The page's origin, where the browser tells it; a page that follows sends its own. */
function originOfPage(): string | null {
  const known = location.ancestorOrigins?.[0] ?? document.referrer;
  return URL.canParse(known) ? new URL(known).origin : null;
}
