import assert from 'node:assert/strict';
import test from 'node:test';
import { plainCsv } from '../../../server/ingest/plain-csv.ts';
import { readStatement, tradesOf } from './support.ts';

const columns =
  'id,symbol,contract,direction,quantity,entry_price,exit_price,entry_time,exit_time,pnl,commission,setup_type';

/** Rows with the ids that databases have for them, by which a file that is imported again is recognised. */
const rows: [what: string, row: string, id: string][] = [
  ['a row with an id keeps it', 'own-1,MES,,long,1,5,6,1737586923000,1737590000000,5,0,', 'own-1'],
  ['an open trade', ',MES,,long,1,5,,1737586923000,,,,', 'csv-ca34c6794f65bbfeab73'],
  [
    'a closed trade',
    ',MES,,long,1,5,6.25,1737586923000,1737590000000,62.5,0,',
    'csv-c74897291dd229bb4391',
  ],
  [
    'another that says the same',
    ',MES,,long,1,5,6.25,1737586923000,1737590000000,62.5,0,',
    'csv-edcaf41d89620c54a40e',
  ],
  [
    'a future with all that a row can tell',
    ',MES,MESH5,short,2,6117.75,6130.25,1737586923000,1737590000000,-125.5,-2.48,breakout',
    'csv-c6cce975d0dc3a3c775c',
  ],
  [
    'a future that is open',
    ',MES,MESH5,short,2,6117.75,,1737586923000,,,-2.48,breakout',
    'csv-133d6b7b3fc2817ecdd2',
  ],
  [
    'fractions and other scripts',
    ',"CL, crude",,short,0.5,-37.63,1e-7,1735689600000,1735776000000,-1.5,0,"日経 225"',
    'csv-0db4987a6ffaef7bfbd7',
  ],
];

test('rows without an id get the same ids as in earlier versions', async () => {
  const file = [columns, ...rows.map(([, row]) => row), ''].join('\n');
  const trades = tradesOf(await readStatement(plainCsv, file));
  assert.deepEqual(
    trades.map(({ id }, index) => [rows[index]![0], id]),
    rows.map(([what, , id]) => [what, id]),
  );
});
