/** What an address may be written with; a fragment is never sent. */
const written = /^[!"$-~]+$/;
/** What a proxy is asked with: the server is named in the target itself. */
const named = /^https?:\/\/[^/?]+/i;

/** The path and query that a request's target asks for; null when it is no address. */
export function readTarget(target: string): string | null {
  if (!written.test(target)) return null;
  // `*` is the server as a whole.
  if (target.startsWith('/') || target === '*') return target;
  const server = named.exec(target)?.[0];
  if (server === undefined || !URL.canParse(server)) return null;
  const rest = target.slice(server.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Characters that nobody needs to escape: an address that does is another spelling of the same. */
const needlessEscape = /%(?:2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/i;

/** Whether a path is written in the one way that is served. */
export function isPlainlyWritten(path: string): boolean {
  return !needlessEscape.test(path);
}
