const opensMore =
  'This key opens more than widgets. Put it in no page: make one with embed:read alone.';

/** Why a key must not be put into a page; empty if it may. The key is sent to this server alone. */
export async function warningOf(key: string): Promise<string> {
  if (!key) return '';
  if (!/^pt_[0-9a-f]{56}$/.test(key))
    return 'This is not a key. One begins with pt_ and has 56 hex digits.';
  try {
    // A publishable key is refused here, any other is not.
    const { ok } = await fetch('/api/partner/dashboard', { headers: { 'X-API-Key': key } });
    return ok ? opensMore : '';
  } catch {
    return '';
  }
}
