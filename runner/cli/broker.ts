import { BrokerError } from '../../protocols/common/broker.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { World } from '../worlds/world.ts';
import { UsageError } from './exit.ts';

/** Refuses `--redis-url` where nothing stands between the ends. Throws a `UsageError`. */
export function refuseIdleBroker({ broker, title }: Protocol, redisUrl: string | undefined): void {
  if (broker === undefined && redisUrl !== undefined) {
    throw new UsageError(`nothing stands between the ends of ${title}; leave --redis-url out`);
  }
}

/** The broker between the ends of a protocol in that world, or why there is none. Throws a `UsageError` where the one that was named is unfit. */
export async function brokerOf(world: World, { broker }: Protocol): Promise<{ readonly url?: string; readonly lacking?: string }> {
  if (broker === undefined) return {};
  try {
    return (await world.provide?.(broker)) ?? {};
  } catch (error) {
    if (error instanceof BrokerError) throw new UsageError(error.message);
    throw error;
  }
}

/** Sees to it that the broker is there, for a command that can skip nothing. Throws a `UsageError` saying how to have one. */
export async function demandBroker(world: World, protocol: Protocol): Promise<void> {
  const { lacking } = await brokerOf(world, protocol);
  if (lacking !== undefined) throw new UsageError(`${lacking}; or name one with --redis-url`);
}

/** Why a case cannot be run with a broker that was named: what it does to all of that, others would suffer. */
export function whyNotOnNamed({ ownBroker }: LoadedCase, redisUrl: string | undefined): string | undefined {
  return ownBroker === true && redisUrl !== undefined
    ? 'the case does something to all of the broker, and the one that was named is not ours; without --redis-url it gets one of its own'
    : undefined;
}
