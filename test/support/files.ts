import type { ImportAnswer } from '../../shared/answers/imports.ts';
import type { Answer } from './api.ts';

/** Sends a file to be imported. */
export async function sendFile<Body = ImportAnswer>(
  { address }: { address: string },
  key: string,
  query: Readonly<Record<string, string>>,
  file: string | AsyncIterable<Uint8Array>,
  type = 'text/csv',
): Promise<Answer<Body>> {
  const response = await fetch(`${address}/api/partner/imports?${new URLSearchParams(query)}`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': type },
    body: file as string,
    ...(typeof file !== 'string' && { duplex: 'half' }),
  } as RequestInit);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: JSON.parse(text) as Body,
  };
}
