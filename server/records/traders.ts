import { queueMailToUser } from '../store/mail.ts';
import { NotPossible } from '../store/not-possible.ts';
import { createTraderLink, endTraderSessions, type Maker } from '../store/traders.ts';
import type { User } from '../store/users.ts';
import { type PartnerWriting, record } from './partner-writing.ts';

export interface MadeLink {
  secret: string;
  /** Epoch ms. */
  expiresAt: number;
}

/**
 * Makes a link to a user's page. `encrypt`: given if it is to be mailed to the user, too. Throws
 * NotPossible `conflict` for a user without an address, or who was mailed a link just before.
 */
export async function makeTraderLink(
  writing: PartnerWriting,
  { id, email }: User,
  maker: Maker,
  encrypt: ((text: string) => Buffer) | null,
): Promise<MadeLink> {
  const { transaction, partnerId, now, random } = writing;
  const whose = { partner_id: partnerId, user_id: id };
  const made = await createTraderLink(transaction, { ...whose, ...maker }, now, random);
  if (encrypt) {
    if (email === null) throw new NotPossible('conflict', `The user ${id} has no e-mail address.`);
    const mail = { ...whose, recipient: email, link: encrypt(made.secret) };
    if (!(await queueMailToUser(transaction, mail, now, random))) {
      const sentence = `The user ${id} was mailed a link less than a minute ago.`;
      throw new NotPossible('conflict', sentence);
    }
  }
  const details = { expires_at: made.expiresAt, sent: encrypt !== null };
  await record(writing, 'trader_link.created', id, details);
  return made;
}

/** Ends a user's sessions and links; returns how many sessions that were. */
export async function endSessionsOfUser(writing: PartnerWriting, { id }: User): Promise<number> {
  const { transaction, partnerId, now } = writing;
  const sessions = await endTraderSessions(transaction, partnerId, id, now);
  await record(writing, 'trader_sessions.ended', id, { sessions });
  return sessions;
}
