import type { ActorType, AuditAction } from '../audit.ts';

export interface AuditActor {
  type: ActorType;
  /** `ses_…`, `key_…` */
  id: string | null;
  /** The address that signed in, or the key's label at that time, which is never written as an address. */
  name: string | null;
  /** The key that opened the session; null: none did. */
  key_id: string | null;
}

export interface AuditEntry {
  /** 1, 2, … in the order of what happened to this partner. */
  number: number;
  /** Epoch ms. */
  at: number;
  actor: AuditActor;
  action: AuditAction;
  /** The id of what was changed, or the address. */
  subject: string | null;
  /** What it was changed to. */
  details: Record<string, unknown>;
}

/** `GET /audit`: the newest first. */
export interface AuditAnswer {
  entries: AuditEntry[];
  /** For `before`, to go on; null: there are no older ones. */
  next: number | null;
}
