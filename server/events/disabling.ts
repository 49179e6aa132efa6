import { recordAct, theServer } from '../store/audit.ts';
import type { Queries } from '../store/database.ts';
import type { Random } from '../store/ids.ts';
import { queueNotice } from '../store/mail.ts';
import { findPartner } from '../store/partners.ts';
import type { Disabling, WebhookKey } from './attempts.ts';

/**
 * Disables a webhook. One whose server says that it is gone is meant to end; of one that has only
 * failed for days, the firm is told by mail.
 */
export async function disableWebhook(
  { partnerId, webhookId }: WebhookKey,
  reason: Disabling,
  canMail: boolean,
  { transaction, now, random }: { transaction: Queries; now: number; random: Random },
): Promise<void> {
  const { url, failing_since } = await transaction
    .updateTable('webhooks')
    .set({ is_active: 0, due_at: null })
    .where('partner_id', '=', partnerId)
    .where('id', '=', webhookId)
    .returning(['url', 'failing_since'])
    .executeTakeFirstOrThrow();
  const act = { action: 'webhook.disabled', subject: webhookId, details: { reason } } as const;
  await recordAct(transaction, partnerId, theServer, act, now);
  if (reason === 'gone' || !canMail) return;
  const { email } = (await findPartner(transaction, partnerId))!;
  // The rest of the address may hold a secret.
  const notice = { webhook: webhookId, host: new URL(url).host, since: failing_since! };
  await queueNotice(transaction, { partner_id: partnerId, recipient: email, notice }, now, random);
}
