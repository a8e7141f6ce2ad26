/** The area of a case or a case-run by its id: `reconnect` of `river/reconnect/within-grace`; empty where the id names none. */
export function areaOf(id: string): string {
  const parts = id.split('/');
  return parts.length > 2 ? (parts[1] ?? '') : '';
}
