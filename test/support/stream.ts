import { createParser } from 'eventsource-parser';
import type { StreamMessage, StreamOpened } from '../../shared/answers/stream.ts';

/** What a stream told; of several messages together only the last has an id. */
export interface Told extends StreamMessage {
  id: string | undefined;
}

/** A client of a stream, as a program that reads it would be. */
export interface Follower {
  response: Response;
  /** Its id, once it is told. */
  opened: Promise<string>;
  messages: Told[];
  comments: number;
  /** Resolves with the first so many messages, once there are. */
  heard(count: number): Promise<Told[]>;
  /** Resolves when the server has closed it. */
  closed: Promise<void>;
  close(): void;
}

/** Opens a stream. `query`: of its address, with the credential or without. */
export async function follow(
  { address }: { address: string },
  query: string,
  headers: Record<string, string> = {},
): Promise<Follower> {
  const gone = new AbortController();
  const response = await fetch(`${address}/api/partner/stream?${query}`, {
    headers,
    signal: gone.signal,
  });
  const opening = Promise.withResolvers<string>();
  const closing = Promise.withResolvers<void>();
  let heard = () => {};
  const follower: Follower = {
    response,
    opened: opening.promise,
    messages: [],
    comments: 0,
    heard: (count) =>
      new Promise((resolve) => {
        heard = () => {
          if (follower.messages.length >= count) resolve(follower.messages.slice(0, count));
        };
        heard();
      }),
    closed: closing.promise,
    close: () => gone.abort(),
  };
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      if (event === 'stream') opening.resolve((JSON.parse(data) as StreamOpened).stream);
      else follower.messages.push({ id, ...(JSON.parse(data) as StreamMessage) });
      heard();
    },
    onComment: () => {
      follower.comments++;
    },
  });
  const read = async () => {
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream()))
      parser.feed(piece);
  };
  if (response.ok) void read().then(closing.resolve, closing.resolve);
  return follower;
}
