/** The actions in the audit trail. */
export const auditActions = [
  'key.created',
  'key.changed',
  'key.paused',
  'key.resumed',
  'key.rolled',
  'key.revoked',
  'branding.changed',
  'origins.changed',
  'settings.changed',
  'embed_token.created',
  'embed_tokens.revoked',
  'address.added',
  'address.removed',
  // A sign-in link made by the operator; those that are mailed are not recorded.
  'link.created',
  'session.opened',
  'session.ended',
  // The trader's page: a link to it, and the end of all its sessions.
  'trader_link.created',
  'trader_sessions.ended',
  'partner.changed',
  'user.created',
  'user.changed',
  'user.erased',
  'account.created',
  'account.changed',
  'account.closed',
  'account.reopened',
  'account.reset',
  'account.erased',
  'trades.deleted',
  'import.undone',
  'webhook.created',
  'webhook.changed',
  'webhook.secret_rotated',
  // The end of an old secret before its time.
  'webhook.old_secret_ended',
  'webhook.deleted',
  // By the server: the webhook answered 410, or did nothing but fail for days.
  'webhook.disabled',
  'deliveries.replayed',
] as const;

export type AuditAction = (typeof auditActions)[number];

/** Who acted; `operator`: a person at the server's command line; `server`: the server by itself. */
export const actorTypes = ['session', 'key', 'operator', 'server'] as const;

export type ActorType = (typeof actorTypes)[number];
