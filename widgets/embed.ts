/**
 * For a page with shells in iframes: `<script src="…/embed.js" async></script>` gives each frame the
 * height that its shell asks for, now and whenever that changes. Other frames are left alone.
 */
export {};

const { origin } = new URL((document.currentScript as HTMLScriptElement).src);

const shells = () =>
  [...document.querySelectorAll('iframe')].filter(({ src }) =>
    src.startsWith(`${origin}/embed/partner/`),
  );

/** Tells a shell that its height is followed. */
const follow = (shell: HTMLIFrameElement) =>
  shell.contentWindow?.postMessage({ type: 'proptally:follow' }, origin);

const followAll = () => shells().forEach(follow);

const highest = 5_000;

addEventListener('message', ({ source, origin: from, data }) => {
  if (from !== origin || data?.type !== 'proptally:height') return;
  const { height } = data;
  const shell = shells().find(({ contentWindow }) => contentWindow === source);
  if (shell && height > 0 && height <= highest) shell.style.height = `${height}px`;
});

document.addEventListener(
  'load',
  ({ target }) => {
    for (const shell of shells()) if (shell === target) follow(shell);
  },
  true,
);
if (document.readyState === 'complete') followAll();
else addEventListener('load', followAll);
