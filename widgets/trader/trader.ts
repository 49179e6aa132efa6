/**
 * Makes the page of a trader live (server/pages/trader.ts): its widgets ask with the page's cookie, the
 * list of accounts says which one they show, and what ends the session, or takes the account away, is
 * said in their place.
 */

const select = document.querySelector('select');
const signOut = document.querySelector<HTMLButtonElement>('#sign-out')!;
const status = document.querySelector('[role=status]')!;
const main = document.querySelector('main')!;

function show(account: string): void {
  for (const element of document.querySelectorAll('.grid > *'))
    element.setAttribute('account-id', account);
}

select?.addEventListener('change', () => {
  history.pushState(null, '', `?${new URLSearchParams({ account: select.value })}`);
  show(select.value);
});

addEventListener('popstate', () => {
  if (!select) return;
  select.value = new URLSearchParams(location.search).get('account') ?? '';
  // The address before any choice names none.
  if (!select.value) select.selectedIndex = 0;
  show(select.value);
});

/** Puts a state in place of the widgets, and tells a screen reader of it. */
function replaceBy(state: 'ended' | 'gone'): void {
  const template = document.querySelector<HTMLTemplateElement>(`#${state}`)!;
  main.replaceChildren(template.content.cloneNode(true));
  if (state === 'ended') signOut.hidden = true;
  main.querySelector('h1')!.focus();
}

main.addEventListener('pt-error', ({ detail: { status, code } }) => {
  if (!main.querySelector('.grid')) return;
  if (status === 401 || code === 'missing_scope') replaceBy('ended');
  else if (status === 404 || code === 'outside_token') replaceBy('gone');
});

signOut.addEventListener('click', async () => {
  signOut.disabled = true;
  status.textContent = '';
  try {
    const { ok } = await fetch('/trader', { method: 'DELETE' });
    if (ok) return replaceBy('ended');
  } catch {}
  status.textContent = signOut.dataset.failed!;
  signOut.disabled = false;
});

// Elsewhere elements send no cookies, so they have no way to. This page is the server's own.
const { fetch: send } = globalThis;
globalThis.fetch = (address, options) => send(address, { ...options, credentials: 'same-origin' });

// The elements as any other page loads them.
const { setCredential }: typeof import('../loader.ts') = await import(
  /* @vite-ignore */ `${location.origin}/loader.js`
);
// This word in place of a token says that the page's cookie is to answer (server/access/trader.ts).
setCredential({ base: location.origin, token: 'trader' });
