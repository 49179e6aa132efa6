import assert from 'node:assert/strict';
import test from 'node:test';
import { findFormat, formats } from '../../../server/ingest/formats.ts';

const heads: [string, string | null][] = [
  ['symbol,_priceFormat,buyFillId,sellFillId,qty,pnl\nX', 'tradovate'],
  ['pnl,qty,"sellFillId","buyFillId"\r\n', 'tradovate'],
  ['<!DOCTYPE HTML>\n<html><head><title>Statement: 1 - A</title>', 'mt4'],
  ['<table><tr><td><b>Closed Transactions:</b></td></tr>', 'mt4'],
  ['Time,Deal,Symbol,Type,Direction,Volume,Price,Order,Commission,Swap,Profit\n', 'mt5'],
  ['id,symbol,direction,quantity,entry_price,entry_time\n', 'csv'],
  ['\n\nSYMBOL, Direction ,quantity\n', 'csv'],
  ['', null],
  ['a,b,c\n1,2,3\n', null],
  ['<html><head><title>Statement of account</title>', null],
  ['<html><title>Strategy Tester: X</title>', null],
  ['\ufffd\ufffd\ufffd\ufffd\u0000\u0010JFIF', null],
  ['{"trades":[]}', null],
];

for (const [head, name] of heads) {
  test(`${JSON.stringify(head.slice(0, 50))} is ${name ?? 'no statement'}`, () => {
    assert.equal(findFormat(head)?.name ?? null, name);
  });
}

test('a file is recognised by at most one format', () => {
  for (const [head, name] of heads) {
    const claims = formats.filter((format) => format.recognises(head));
    assert.equal(claims.length, name === null ? 0 : 1, head);
  }
});
