import type { Scope } from '../access.ts';

/** A key as it is told about: never the key itself. Times in epoch ms. */
export interface KeySummary {
  id: string;
  /** Its first characters. */
  prefix: string;
  label: string;
  scopes: Scope[];
  /** Where its widgets may appear; empty: wherever the partner's may. */
  allowed_origins: string[];
  /** Whether it works: it was not revoked, is not paused and has not ended. */
  is_active: boolean;
  created_at: number;
  /** Null: never. */
  expires_at: number | null;
  revoked_at: number | null;
  /** Since when; null: it is not paused. */
  paused_at: number | null;
  last_used_at: number | null;
  /** The id of the key it was rolled into. */
  replaced_by: string | null;
}

/** `GET /keys`: the active ones first, the newest first. */
export interface KeysAnswer {
  keys: KeySummary[];
  /** How many may be active at once. */
  limit: number;
}

/** `POST /keys`: the only answer that holds a key. */
export interface NewKeyAnswer extends KeySummary {
  key: string;
  message: string;
}

/** `POST /keys/{id}/roll` */
export interface RolledKeyAnswer extends NewKeyAnswer {
  /** The old key, and until when it works. */
  replaces: { id: string; expires_at: number };
}
