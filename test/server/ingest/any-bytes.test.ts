import assert from 'node:assert/strict';
import test from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Format, type Reading, UnreadableStatement } from '../../../server/ingest/format.ts';
import { type FormatName, formats } from '../../../server/ingest/formats.ts';
import { openStatement } from '../../../server/ingest/statement-text.ts';
import { wallClock } from '../../../server/ingest/wall-clock.ts';
import { readStatement } from './support.ts';

const good: Record<FormatName, string> = {
  tradovate: [
    'symbol,buyFillId,sellFillId,qty,buyPrice,sellPrice,pnl,boughtTimestamp,soldTimestamp',
    'ESH5,1,2,1,10,12,"$1,100.00",01/02/2025 10:00:00,01/02/2025 10:01:00',
    'ESH5,3,4,1,10,x€,$(5.00),01/02/2025 10:00:00,01/02/2025 10:01:00',
    '',
  ].join('\r\n'),
  mt4: [
    '<html><head><title>Statement: 1</title></head>\n<table>',
    '<tr><td colspan=13><b>Closed\nTransactions:</b></td></tr>',
    '<tr><td>Ticket<td>Open Time<td>Type<td>Size<td>Item<td>Price<td>S / L<td>T / P<td>Close Time<td>Price<td>Commission<td>Taxes<td>Swap<td>Profit</tr>',
    '<tr align=right><td>1</td><td>2024.03.01 00:00:00</td><td>balance</td><td colspan=10></td><td>5.00</td></tr>',
    '<!-- a comment\n\n of three lines --><tr\n align="right"><td\n>2</td><td>2024.03.01 10:00:00</td><td>buy</td><td>0.10</td><td>a&amp;b</td><td>1.08</td><td>0</td><td>0</td><td>2024.03.01 12:00:00</td><td>1.09</td><td>-1.00</td><td>0.00</td><td>0.00</td><td>1&nbsp;010.00</td></tr>',
    '<tr><td>3</td><td>2024.03.01 10:00:00</td><td>sell</td></tr>',
    '<tr><td colspan=12>Closed P/L:</td><td colspan=2>1 009.00</td></tr>',
  ].join('\r\n'),
  mt5: [
    'Time,Deal,Symbol,Type,Direction,Volume,Price,Commission,Swap,Profit',
    '2024.05.01 10:00:00,1,X,sell,in,1,10,-1,0,0',
    '2024.05.01 11:00:00,2,"X",buy,out,0.4,9,-1,0,100',
    '2024.05.01 12:00:00,3,X,buy,out,7,9,0,0,0',
    ',,,,,,,-2,0,100',
  ].join('\n'),
  csv: [
    'symbol,direction,quantity,entry_price,entry_time,setup_type,attempt,attempt_started_at,starting_balance,max_drawdown',
    'MES,long,1,5,2025-01-01T00:00:00,"a ""fade"", 😀",1,,,',
    '',
    'MES,up,1,5,2025-01-01T00:00:00,,2,2024-12-31T00:00Z,,',
    ',,,,,,1,,50000,',
    ',,,,,,2,2024-12-31T00:00Z,,2500',
  ].join('\r\n'),
};

/** The readings of a file, or the sentence that says why it can't be read. Asserts that it fails in no other way. */
async function outcome(
  format: Format,
  file: string | Uint8Array,
  pieceLength?: number,
): Promise<Reading[] | string> {
  try {
    return await readStatement(format, file, { ...(pieceLength && { pieceLength }) });
  } catch (error) {
    assert.ok(error instanceof UnreadableStatement, String(error));
    assert.match(error.message, /^[A-Z].*[.?]$/s);
    return error.message;
  }
}

for (const format of formats) {
  test(`${format.title}: pieces of any length give the same readings`, async () => {
    const whole = await outcome(format, good[format.name]);
    assert.ok(Array.isArray(whole) && whole.length >= 2, String(whole));
    for (const length of [1, 2, 3, 7, 64]) {
      assert.deepEqual(await outcome(format, good[format.name], length), whole);
    }
    const utf16 = Buffer.from(`\ufeff${good[format.name]}`, 'utf16le');
    assert.deepEqual(await outcome(format, utf16, 5), whole);
  });

  test(`${format.title}: a file cut at any byte is read, or refused in a sentence`, async () => {
    const bytes = Buffer.from(good[format.name]);
    for (let length = 0; length <= bytes.length; length++) {
      await outcome(format, bytes.subarray(0, length));
    }
  });

  test(`${format.title}: a file with any one byte changed is read, or refused in a sentence`, async () => {
    const bytes = Buffer.from(good[format.name]);
    for (let at = 0; at < bytes.length; at += 3) {
      for (const value of [0, 0x0a, 0x22, 0x2c, 0x3c, 0xff]) {
        await outcome(format, Buffer.from(bytes).fill(value, at, at + 1));
      }
    }
  });

  const strange: [string, Uint8Array][] = [
    ['an empty file', Buffer.alloc(0)],
    ['a line break', Buffer.from('\n')],
    ['NUL bytes', Buffer.alloc(3000)],
    ['a JPEG', jpeg()],
    ['a byte order mark alone', Buffer.from([0xff, 0xfe])],
    ['half a UTF-16 character', Buffer.from([0xff, 0xfe, 0x41])],
    ['a lone quotation mark', Buffer.from('"')],
    ['a header of quotation marks', Buffer.from('"""""\n"a"b"')],
    ['JSON', Buffer.from('{"trades":[{"symbol":"MES"}]}')],
  ];
  for (const [name, bytes] of strange) {
    test(`${format.title}: ${name} is refused in a sentence`, async () => {
      assert.equal(typeof (await outcome(format, bytes)), 'string');
      assert.equal(typeof (await outcome(format, bytes, 1)), 'string');
    });
  }

  const endless: [string, string, string][] = [
    ['no line break', '', 'x'],
    ['an open quotation mark', `${good[format.name].split('\r\n')[0]}\r\n"`, 'x\n'],
    ['cell after cell', `${good[format.name].split('\r\n')[0]}\r\n`, ','],
    ['quotation mark after quotation mark', `${good[format.name].split('\r\n')[0]}\r\nx`, '"'],
    ['tag in tag', '<table>', '<b>'],
    ['a tag without end', '<table><tr ', 'a=b\n'],
    ['a comment without end', '<table><!--', 'x\n'],
    ['an attribute without end', '<table class="', 'x\n'],
    ['a cell without end', '<table><tr><td>', 'x\n'],
    ['a row without end', '<table><tr>', '<td>x'],
    ['rows without table', '', '<tr><td>1</td></tr>'],
    ['closing tags', '<table><tr><td>', '</td></i></p>'],
    ['character references', '<td>', '&#x'],
  ];
  for (const [name, start, more] of endless) {
    test(`${format.title}: 10 MB of ${name} are refused with little memory and time`, {
      timeout: 60_000,
    }, async () => {
      const piece = Buffer.from(more.repeat(65_536 / more.length));
      let given = 0;
      let highest = 0;
      async function* source() {
        yield Buffer.from(start);
        for (; given < 10_000_000; given += piece.length) {
          if (given % 1_000_000 < piece.length) highest = Math.max(highest, memory());
          yield piece;
        }
      }
      const before = memory();
      const { text } = await openStatement(source());
      await assert.rejects(
        async () => {
          for await (const _ of format.read(text, wallClock('UTC')));
        },
        { name: 'UnreadableStatement' },
      );
      assert.ok(highest - before < 5_000_000, `${highest - before} bytes more`);
    });
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function memory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function jpeg(): Buffer {
  const noise = Buffer.alloc(20_000);
  for (let i = 0, seed = 1; i < noise.length; i++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    noise[i] = seed >> 16;
  }
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
    Buffer.from('JFIF\0'),
    noise,
  ]);
}
