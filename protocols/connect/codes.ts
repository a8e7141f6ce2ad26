/** Codes of errors, by name, and the HTTP status with which a unary answer carries each. */
export const STATUS_OF = {
  canceled: 499,
  unknown: 500,
  invalid_argument: 400,
  deadline_exceeded: 504,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  resource_exhausted: 429,
  failed_precondition: 400,
  aborted: 409,
  out_of_range: 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  data_loss: 500,
  unauthenticated: 401,
} as const;

/** A code of Connect. */
export type Code = keyof typeof STATUS_OF;

/** Whether a text is one. */
export function isCode(text: unknown): text is Code {
  return typeof text === 'string' && Object.hasOwn(STATUS_OF, text);
}

const CODE_OF: Readonly<Record<number, Code>> = {
  400: 'internal',
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'unimplemented',
  429: 'unavailable',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** The code of an answer that says none (CONNECT-UNARY-11). */
export function codeOfStatus(status: number): Code {
  return CODE_OF[status] ?? 'unknown';
}
