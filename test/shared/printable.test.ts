import assert from 'node:assert/strict';
import test from 'node:test';
import { hasAtSign, isPrintable } from '../../shared/printable.ts';

test('text of visible characters is printable in any script; control, invisible and unassigned characters are not', () => {
  for (const text of ['Site', 'Fïrm & Co', 'التداول', '日本語', 'ES 03-25', '❤️', '-', 'ก็', '1'])
    assert.ok(isPrintable(text), text);
  for (const text of [
    ...['', ' ', '\u00a0', '\u3000', '\u2800', '\u3164', '\uffa0', '\u115f', '\u034f', '\ufe0f'],
    ...['\u0301', '\u200b', '\u00ad', 'a\u202eb', 'a\u2066b', 'a\u200fb', 'a\u200db', '\ufeffa'],
    ...['a\u2028b', 'a\u2029b', 'a\nb', 'a\tb', 'a\u0000b', 'a\u0085b', 'a\u009bb', 'a\u{e0041}'],
    ...['\ud800', 'a\udc00', 'a\ue000', 'a\u0378', 'a\ufffd', 'a\uffff'],
  ])
    assert.ok(!isPrintable(text), JSON.stringify(text));
});

test('a text with any form of the at sign is recognised as having one', () => {
  for (const text of ['a@b.c', 'a＠b', 'a﹫b', 'a @ b']) assert.ok(hasAtSign(text), text);
  assert.ok(!hasAtSign('Back end at Berlin'));
});
