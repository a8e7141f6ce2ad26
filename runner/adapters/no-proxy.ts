/** By these, programs are told of a proxy for what they dial. */
const PROXIES = ['http_proxy', 'https_proxy', 'all_proxy', 'ws_proxy', 'wss_proxy', 'socks_proxy'];

/**
 * What to add to an environment so that programs dial these hosts themselves where it names a proxy for others: many take a proxy for any
 * address of the loopback that their list of exceptions does not name, and that one cannot reach it. Nothing where it names none.
 */
export function pastProxies(environment: Readonly<Record<string, string | undefined>>, hosts: readonly string[]): Record<string, string> {
  const said = (name: string): string | undefined => environment[name] || undefined;
  if (!PROXIES.some((name) => said(name) !== undefined || said(name.toUpperCase()) !== undefined)) return {};
  const excepted = said('no_proxy') ?? said('NO_PROXY');
  if (excepted?.trim() === '*') return {};
  const list = [...(excepted === undefined ? [] : [excepted]), ...hosts].join(',');
  return { no_proxy: list, NO_PROXY: list };
}
