import assert from 'node:assert/strict';
import test from 'node:test';
import { type FormatName, findFormat, formats } from '../../../server/ingest/formats.ts';

/** How files of each format may start. */
const heads: Record<FormatName, string[]> = {
  tradovate: [
    'symbol,_priceFormat,buyFillId,sellFillId,qty,pnl\nX',
    'pnl,qty,"sellFillId","buyFillId"\r\n',
  ],
  mt4: [
    '<!DOCTYPE HTML>\n<html><head><title>Statement: 1 - A</title>',
    '<table><tr><td><b>Closed Transactions:</b></td></tr>',
  ],
  mt5: ['Time,Deal,Symbol,Type,Direction,Volume,Price,Order,Commission,Swap,Profit\n'],
  csv: [
    'id,symbol,direction,quantity,entry_price,entry_time\n',
    '\n\nSYMBOL, Direction ,quantity\n',
  ],
};

const otherHeads = [
  '',
  'a,b,c\n1,2,3\n',
  '<html><head><title>Statement of account</title>',
  '<html><title>Strategy Tester: X</title>',
  '\ufffd\ufffd\ufffd\ufffd\u0000\u0010JFIF',
  '{"trades":[]}',
];

const quoted = (head: string) => JSON.stringify(head.slice(0, 50));

for (const [name, ofFormat] of Object.entries(heads)) {
  for (const head of ofFormat) {
    test(`${quoted(head)} is ${name}, and no other format`, () => {
      assert.equal(findFormat(head)?.name, name);
      assert.equal(formats.filter((format) => format.recognises(head)).length, 1);
    });
  }
}

for (const head of otherHeads) {
  test(`${quoted(head)} is no statement`, () => {
    assert.equal(findFormat(head), null);
  });
}
