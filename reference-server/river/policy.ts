import { isPlainObject } from '../../protocols/common/value.ts';
import type { Policy } from './services.ts';

/** What a policy makes of metadata that matches its schema. */
export interface Decision {
  /** Nominal ms that the decision takes. */
  readonly delayMs: number;
  readonly verdict: Verdict;
}

/** The outcome of a decision. An accepted credential may expire, in nominal ms from the decision. */
export type Verdict =
  | { readonly kind: 'accept'; readonly expiresInMs: number | undefined }
  | { readonly kind: 'refuse'; readonly code: 'REJECTED_BY_CUSTOM_HANDLER' | 'REJECTED_UNSUPPORTED_CLIENT'; readonly reason: string };

/** The token that metadata carries, if any. */
export function tokenOf(metadata: unknown): string | undefined {
  const token = isPlainObject(metadata) ? metadata['token'] : undefined;
  return typeof token === 'string' ? token : undefined;
}

/** Decides about metadata that passed the policy's schema. A validator that raises refuses (RIVER-HS-17). */
export function decide(policy: Policy, token: string): Decision {
  for (const rule of policy.rules) {
    const match = rule.pattern.exec(token);
    if (match === null) continue;
    switch (rule.decision) {
      case 'wait': {
        const then = decide(policy, match.groups?.['token'] ?? '');
        return { delayMs: Number(match.groups?.['delay'] ?? 0) + then.delayMs, verdict: then.verdict };
      }
      case 'accept': {
        const expiry = match.groups?.['expiry'];
        return { delayMs: 0, verdict: { kind: 'accept', expiresInMs: expiry === undefined ? undefined : Number(expiry) } };
      }
      case 'raise':
        return { delayMs: 0, verdict: { kind: 'refuse', code: 'REJECTED_BY_CUSTOM_HANDLER', reason: rule.reason } };
      case 'refuse':
        return { delayMs: 0, verdict: { kind: 'refuse', code: rule.code, reason: rule.reason } };
    }
  }
  return { delayMs: 0, verdict: { kind: 'refuse', code: 'REJECTED_BY_CUSTOM_HANDLER', reason: 'no rule accepts the token' } };
}
