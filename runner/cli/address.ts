import type { BrokerKind } from '../../protocols/common/broker.ts';
import type { Carrier } from '../../protocols/common/carrier.ts';
import { UsageError } from './exit.ts';

/** Throws a `UsageError` where an address is no URL of one of these carriers, in clear or by TLS; `what` names it. */
export function refuseOtherAddress(what: string, url: string, carriers: readonly Pick<Carrier, 'scheme'>[]): void {
  const schemes = [...new Set(carriers.map(({ scheme }) => scheme))];
  const found = URL.canParse(url) ? new URL(url) : undefined;
  const fits = schemes.some((scheme) => found?.protocol === `${scheme}:` || found?.protocol === `${scheme}s:`);
  if (found === undefined || !fits || found.hostname === '')
    throw new UsageError(
      `${what} takes a URL ${schemes.map((scheme) => `${scheme}://host:port`).join(' or ')}, not ${JSON.stringify(url)}`,
    );
}

/** Throws a `UsageError` where the address of a broker names a user or a password: our peers log in nowhere; `what` names the address. */
export function refuseLogin(what: string, url: string, broker: Pick<BrokerKind, 'name'>): void {
  const { username, password } = new URL(url);
  if (username !== '' || password !== '')
    throw new UsageError(
      `${what} names a user or a password, and the reference peers log in nowhere; they take a ${broker.name} without one`,
    );
}
