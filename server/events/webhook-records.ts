import type SQLite from 'better-sqlite3';
import type { WebhooksTable } from '../store/schema.ts';
import { prepared } from '../store/statements.ts';
import type { WebhookKey } from './attempts.ts';

/** The columns that follow from deliveries. */
const columns = [
  ...(['is_active', 'next_event', 'last_test', 'long_answers', 'last_triggered_at'] as const),
  ...(['failure_count', 'failing_since', 'rests_until', 'not_before', 'hurries_until'] as const),
  ...(['due_at', 'leased_by', 'leased_until'] as const),
];

const findText = 'select * from webhooks where partner_id = ? and id = ? and deleted_at is null';
const saveText = `update webhooks set ${columns.map((name) => `${name} = ?`).join(', ')}
  where partner_id = ? and id = ?`;

/** The records of webhooks in a transaction, each read once, and written once if it was changed. */
export class WebhookRecords {
  readonly #handle: SQLite.Database;
  readonly #records = new Map<string, { webhook: WebhooksTable; before: unknown[] } | null>();

  constructor(handle: SQLite.Database) {
    this.#handle = handle;
  }

  /** Undefined: it is deleted. */
  find({ partnerId, webhookId }: WebhookKey): WebhooksTable | undefined {
    const key = `${partnerId} ${webhookId}`;
    let record = this.#records.get(key);
    if (record === undefined) {
      const webhook = prepared<WebhooksTable>(this.#handle, findText).get(partnerId, webhookId);
      record = webhook ? { webhook, before: valuesOf(webhook) } : null;
      this.#records.set(key, record);
    }
    return record?.webhook;
  }

  save(): void {
    for (const record of this.#records.values()) {
      if (!record) continue;
      const { webhook, before } = record;
      const values = valuesOf(webhook);
      if (values.every((value, index) => value === before[index])) continue;
      prepared(this.#handle, saveText).run(...values, webhook.partner_id, webhook.id);
    }
  }
}

function valuesOf(webhook: WebhooksTable): unknown[] {
  return columns.map((name) => webhook[name]);
}
