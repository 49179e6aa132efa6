/** The characters of a request's target: visible ASCII without `#`, as a fragment is never sent. */
const written = /^[!"$-~]+$/;
/** The start of a target in the form that is sent to proxies, which names the server. */
const named = /^https?:\/\/[^/?]+/i;

/** The path and query of a request's target; null when the target is invalid. */
export function readTarget(target: string): string | null {
  if (!written.test(target)) return null;
  // `*` stands for the server as a whole.
  if (target.startsWith('/') || target === '*') return target;
  const server = named.exec(target)?.[0];
  if (server === undefined || !URL.canParse(server)) return null;
  const rest = target.slice(server.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Escapes of characters that need none: they make another spelling of the same path. */
const needlessEscape = /%(?:2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/i;

/** Whether a path is in the one spelling that is served, without such escapes. */
export function isPlainlyWritten(path: string): boolean {
  return !needlessEscape.test(path);
}
