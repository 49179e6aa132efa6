import type { IncomingHttpHeaders } from 'node:http';

/**
 * The key a request presents: the X-API-Key header, else a bearer token, else a query parameter.
 * Undefined when there is none.
 */
export function presentedKey(
  headers: IncomingHttpHeaders,
  queryKey: string | undefined,
): string | undefined {
  const header = headers['x-api-key'];
  if (typeof header === 'string' && header.trim() !== '') return header.trim();
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '');
  return bearer?.[1] ?? queryKey;
}
