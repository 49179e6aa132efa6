/** What a shell and its page say to each other. No key, no data. */
interface Message {
  type: 'proptally:follow' | 'proptally:height';
  /** Of the shell's root, in px. */
  height?: number;
}

/**
 * Tells the page around a shell how high the shell wants to be, whenever that changes. A page that
 * says it follows (embed.js) gets the height of all there is to show; until then it is no more than
 * the frame has.
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

/** The page's origin, where the browser tells it: a page that follows says it itself. */
function originOfPage(): string | null {
  const known = location.ancestorOrigins?.[0] ?? document.referrer;
  return URL.canParse(known) ? new URL(known).origin : null;
}
