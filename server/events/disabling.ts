import { recordAct, theServer } from '../store/audit.ts';
import type { Queries } from '../store/database.ts';
import type { Random } from '../store/ids.ts';
import { queueNotice } from '../store/mail.ts';
import { findPartner } from '../store/partners.ts';
import type { WebhooksTable } from '../store/schema.ts';
import type { Disabling } from './attempts.ts';

/**
 * Disables a webhook by changing its record. One whose server says that it is gone is meant to end;
 * of one that has only failed for days, the firm is told by mail.
 */
export async function disableWebhook(
  webhook: WebhooksTable,
  reason: Disabling,
  canMail: boolean,
  { transaction, now, random }: { transaction: Queries; now: number; random: Random },
): Promise<void> {
  const { partner_id, id, url, failing_since } = webhook;
  webhook.is_active = 0;
  webhook.due_at = null;
  const act = { action: 'webhook.disabled', subject: id, details: { reason } } as const;
  await recordAct(transaction, partner_id, theServer, act, now);
  if (reason === 'gone' || !canMail) return;
  const { email } = (await findPartner(transaction, partner_id))!;
  // The rest of the address may hold a secret.
  const notice = { webhook: id, host: new URL(url).host, since: failing_since! };
  await queueNotice(transaction, { partner_id, recipient: email, notice }, now, random);
}
