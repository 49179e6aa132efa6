import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import { openStatement } from '../../../server/ingest/statement-text.ts';
import { inPieces } from './support.ts';

const text = 'symbol,pnl\n€urusd,1\n😀,2\n';

function utf16(content: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(`\ufeff${content}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

async function whole(bytes: Uint8Array, pieceLength?: number): Promise<string> {
  const opened = await openStatement(inPieces(bytes, pieceLength));
  return (await Array.fromAsync(opened.text)).join('');
}

const encodings: [string, Buffer][] = [
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16LE', utf16(text, 'le')],
  ['UTF-16BE', utf16(text, 'be')],
];

for (const [name, bytes] of encodings) {
  test(`${name} is read in pieces of any length`, async () => {
    for (const length of [1, 2, 3, 5, 1000]) assert.equal(await whole(bytes, length), text);
  });
}

test('bytes that are no text become U+FFFD', async () => {
  assert.equal(await whole(Buffer.from([0x41, 0xff, 0x42, 0xc3])), 'A\ufffdB\ufffd');
  assert.equal(await whole(Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00])), '\ufffdA');
});

test('files of no, one and two bytes are read', async () => {
  assert.equal(await whole(Buffer.from('')), '');
  assert.equal(await whole(Buffer.from('a')), 'a');
  assert.equal(await whole(Buffer.from([0xff, 0xfe])), '');
});

test('opening a file reads no more than its head, which is not lost', async () => {
  let taken = 0;
  async function* source() {
    for (; taken < 100; taken++) yield Buffer.from('x'.repeat(1000));
  }
  const { head, text } = await openStatement(source());
  assert.equal(head.length, 8192);
  assert.ok(taken <= 9, `${taken} pieces were taken`);
  const all = (await Array.fromAsync(text)).join('');
  assert.equal(all.length, 100_000);
});

test('a large piece is split into smaller ones', async () => {
  const { text } = await openStatement(inPieces(Buffer.alloc(1_000_000, 'x')));
  const lengths = (await Array.fromAsync(text)).map((piece) => piece.length);
  assert.equal(
    lengths.reduce((a, b) => a + b),
    1_000_000,
  );
  assert.ok(Math.max(...lengths) <= 65_536);
});

test('an input that is no longer read is destroyed', async () => {
  const input = Readable.from(Array.from({ length: 50 }, () => Buffer.alloc(10_000, 'x')));
  const { text } = await openStatement(input);
  for await (const _ of text) break;
  assert.equal(input.destroyed, true);
});

test('an error of the input is thrown to the reader', async () => {
  async function* broken() {
    yield Buffer.alloc(20_000, 'x');
    throw new Error('connection lost');
  }
  const { text } = await openStatement(broken());
  await assert.rejects(Array.fromAsync(text), /connection lost/);
});
