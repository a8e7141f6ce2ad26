import type * as z from 'zod';
import { endParams, handlerParams, logParams, messageParams, startParams, statusParams } from '../../protocols/common/control.ts';
import { fromTagged, isPlainObject } from '../../protocols/common/value.ts';

/** A checked notification, its values untagged, under the method's name. */
export type Notification =
  | { readonly method: 'start'; readonly params: z.infer<typeof startParams> }
  | { readonly method: 'message'; readonly params: z.infer<typeof messageParams> }
  | { readonly method: 'end'; readonly params: z.infer<typeof endParams> }
  | { readonly method: 'status'; readonly params: z.infer<typeof statusParams> }
  | { readonly method: 'handler'; readonly params: z.infer<typeof handlerParams> }
  | { readonly method: 'log'; readonly params: z.infer<typeof logParams> };

/** What reading a notification gives. */
export type ReadNotification = { readonly ok: true; readonly notification: Notification } | { readonly ok: false; readonly reason: string };

/** Checks a notification and untags its values. Never throws. */
export function readNotification(method: string, params: unknown): ReadNotification {
  try {
    switch (method) {
      case 'message': {
        const checked = check(messageParams, method, params);
        if (!checked.ok) return checked;
        const { call, result } = checked.value;
        const read = result.ok
          ? { ok: true as const, ...untagged({ metadata: result.metadata }), value: fromTagged(result.value) }
          : {
              ok: false as const,
              error: { ...result.error, ...untagged({ extras: result.error.extras, metadata: result.error.metadata }) },
            };
        return { ok: true, notification: { method, params: { call, result: read } } };
      }
      case 'start':
      case 'end': {
        const checked = check(method === 'start' ? startParams : endParams, method, params);
        if (!checked.ok) return checked;
        const { call, metadata } = checked.value;
        return { ok: true, notification: { method, params: { call, ...untagged({ metadata }) } } };
      }
      case 'status': {
        const checked = check(statusParams, method, params);
        return checked.ok ? { ok: true, notification: { method, params: checked.value } } : checked;
      }
      case 'handler': {
        const checked = check(handlerParams, method, params);
        if (!checked.ok) return checked;
        const { value, metadata, ...rest } = checked.value;
        return { ok: true, notification: { method, params: { ...rest, ...untagged({ value, metadata }) } } };
      }
      case 'log': {
        const checked = check(logParams, method, params);
        return checked.ok ? { ok: true, notification: { method, params: checked.value } } : checked;
      }
      default:
        return { ok: false, reason: `unknown notification ${JSON.stringify(method.slice(0, 40))}` };
    }
  } catch (error) {
    return { ok: false, reason: `notification ${method}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Those members that are there, untagged. */
function untagged<K extends string>(members: Readonly<Record<K, unknown>>): Partial<Record<K, unknown>> {
  const made: Partial<Record<K, unknown>> = {};
  for (const [key, value] of Object.entries(members) as [K, unknown][]) if (value !== undefined) made[key] = fromTagged(value);
  return made;
}

/** The handle in a notification's parameters, well-formed or not: tells which run a broken notification belongs to. */
export function handleIn(params: unknown): string | undefined {
  if (!isPlainObject(params)) return undefined;
  return [params['call'], params['instance'], params['server']].find((handle) => typeof handle === 'string');
}

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

function check<S extends z.ZodType>(schema: S, method: string, params: unknown): Checked<z.infer<S>> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const path = issue === undefined || issue.path.length === 0 ? 'params' : issue.path.map(String).join('.');
  return { ok: false, reason: `notification ${method}: ${path}: ${issue?.message ?? 'malformed'}` };
}
