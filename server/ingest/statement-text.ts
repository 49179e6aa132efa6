/** How much of a file is read to detect its format, in characters. */
const headLength = 8192;
const pieceLength = 16_384;

export interface StatementText {
  /** The start of the text. */
  readonly head: string;
  /** The whole text, the head included, in pieces of moderate size; to be read once. */
  readonly text: AsyncIterable<string>;
}

/**
 * Decodes the bytes of a file in one pass: UTF-8 with or without a byte order mark, or UTF-16 of
 * either byte order with one. Invalid bytes become U+FFFD. Reads no further than the head until
 * `text` is read; when reading that ends, early or not, the input is closed. Throws what the input
 * throws.
 */
export async function openStatement(input: AsyncIterable<Uint8Array>): Promise<StatementText> {
  const decoded = decode(input);
  const start: string[] = [];
  let length = 0;
  while (length < headLength) {
    const next = await decoded.next();
    if (next.done) break;
    start.push(next.value);
    length += next.value.length;
  }

  async function* whole(): AsyncGenerator<string> {
    try {
      yield* start.splice(0);
      yield* decoded;
    } finally {
      await decoded.return(undefined);
    }
  }

  return { head: start.join('').slice(0, headLength), text: whole() };
}

async function* decode(input: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let decoder: TextDecoder | null = null;
  let undecided = Buffer.alloc(0);
  for await (const bytes of input) {
    let chunk = bytes;
    if (decoder === null) {
      undecided = Buffer.concat([undecided, bytes]);
      if (undecided.length < 3) continue;
      chunk = undecided;
      decoder = new TextDecoder(encodingOf(chunk));
    }
    for (let at = 0; at < chunk.length; at += pieceLength) {
      const text = decoder.decode(chunk.subarray(at, at + pieceLength), { stream: true });
      if (text !== '') yield text;
    }
  }
  const rest =
    decoder === null ? new TextDecoder(encodingOf(undecided)).decode(undecided) : decoder.decode();
  if (rest !== '') yield rest;
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
