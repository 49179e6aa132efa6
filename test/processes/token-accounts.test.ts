import assert from 'node:assert/strict';
import test from 'node:test';
import type { AccountAnswer } from '../../shared/answers/accounts.ts';
import type { EmbedTokenAnswer } from '../../shared/answers/partner.ts';
import type { UserAnswer } from '../../shared/answers/users.ts';
import { commandLine } from '../support/command.ts';
import { makeFirm } from '../support/firm.ts';

test('token create names accounts, or a user, by ids or external ids, in one way', async (t) => {
  const cli = commandLine(t);
  const partner = await makeFirm(cli);
  const of = ['--partner', partner];
  const user = await cli.json<UserAnswer>('user', 'create', ...of, '--external-id', 'u1');
  const account = (number: number) =>
    cli.json<AccountAnswer>(
      ...['account', 'create', ...of, '--nickname', `A${number}`, '--external-id', `a${number}`],
    );
  const [one, two] = [await account(1), await account(2)];
  const make = (...args: string[]) =>
    cli.json<EmbedTokenAnswer>('token', 'create', partner, ...args);
  const several = await make('--accounts', `ext:a2, ${one.id},${two.id}`);
  assert.deepEqual([several.account_ids, several.user_id], [[two.id, one.id], null]);
  const ofUser = await make('--user', 'ext:u1');
  assert.deepEqual([ofUser.account_ids, ofUser.user_id], [null, user.id]);
  for (const [args, code, problem] of [
    [['--accounts', ''], 2, /1 to 100 accounts/],
    [['--account', ''], 1, /no account/],
    [['--accounts', one.id, '--user', user.id], 2, /cannot be used with/],
    [['--account', one.id, '--user', user.id], 2, /cannot be used with/],
    [['--accounts', `${one.id},ext:x`], 1, /no account ext:x/],
    [['--user', 'ext:x'], 1, /no user ext:x/],
  ] as const) {
    const refused = await cli.run('token', 'create', partner, ...args);
    assert.equal(refused.code, code, args.join(' '));
    assert.match(refused.stderr, problem);
  }
});
