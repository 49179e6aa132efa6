import { PropTallyError } from './error.ts';
import { EventParser } from './events.ts';
import { type CallOptions, type Sending, send, sleep } from './send.ts';

/**
 * Messages as they come: `for await (const message of messages)` connects, and goes on by itself after
 * the last message when the connection ends or breaks. To leave the loop closes the connection. It
 * throws a PropTallyError when the server can’t be reached at first, or refuses to go on. A message’s
 * `id` is the `last_event_id` to go on after it another time.
 */
export type Messages<Message> = AsyncGenerator<Message & { id: string }, void, undefined>;

/** In ms: the pause before connecting again, until the server tells another. */
const firstRetry = 2_000;
/** In ms: the server sends at least a comment every 20 s, so a longer silence is a broken connection. */
const longestSilence = 45_000;

/**
 * Gives the messages of a stream, over as many connections as it takes.
 *
 * @param lastId The id of the message to go on after; empty: what is new.
 * @param request Makes the request for what follows such an id.
 */
export async function* follow<Message>(
  lastId: string,
  request: (lastId: string) => Sending,
  options: CallOptions,
): Messages<Message> {
  const { signal } = options;
  let place = lastId;
  let retry = firstRetry;
  let attempts: number | undefined;
  for (;;) {
    const body = await send(request(place), options, bodyOf, attempts);
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const parser = new EventParser();
    try {
      for (let bytes = await read(reader); bytes; bytes = await read(reader)) {
        for (const { type, data, id } of parser.read(decoder.decode(bytes, { stream: true }))) {
          const isMessage = type === 'message';
          // The event that opens a stream has the id of the latest message, before what was missed.
          if (isMessage || place === '') place = id;
          if (isMessage) yield { ...JSON.parse(data), id };
          signal?.throwIfAborted();
        }
      }
    } finally {
      await close(reader);
    }
    signal?.throwIfAborted();
    retry = parser.retry ?? retry;
    await sleep(retry, signal);
    // What was open once will be again.
    attempts = Number.POSITIVE_INFINITY;
  }
}

async function bodyOf(response: Response): Promise<ReadableStream<Uint8Array>> {
  const { headers, body } = response;
  if (headers.get('Content-Type')?.startsWith('text/event-stream')) return body!;
  await body?.cancel();
  const message = 'The answer is no stream of events, so it is none of the API’s.';
  throw new PropTallyError('unexpected_answer', message, { response });
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** The next bytes; undefined: the connection has ended, or broken, or was silent for too long. */
async function read(reader: Reader): Promise<Uint8Array | undefined> {
  const timer = setTimeout(close, longestSilence, reader);
  try {
    return (await reader.read()).value;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function close(reader: Reader): Promise<void> {
  // One that has broken can’t be closed any more.
  await reader.cancel().catch(() => {});
}
