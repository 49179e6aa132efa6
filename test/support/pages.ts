import assert from 'node:assert/strict';
import type { Api } from './api.ts';

/** All pages of a list that is read by cursor, from the first to the last. */
export async function* pagesOf<Body extends { next: string | null }>(
  { get }: Api,
  address: string,
): AsyncGenerator<Body> {
  const separator = address.includes('?') ? '&' : '?';
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from: string = cursor && `${separator}cursor=${cursor}`;
    const { status, text, body } = await get<Body>(address + from);
    assert.equal(status, 200, text);
    yield body;
    cursor = body.next;
  }
}

/** What all pages of such a list hold together. */
export async function allOf<Body extends { next: string | null }, Item>(
  api: Api,
  address: string,
  items: (body: Body) => readonly Item[],
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pagesOf<Body>(api, address)) all.push(...items(page));
  return all;
}
