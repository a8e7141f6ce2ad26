// What clients and servers have alike.
import { MAX } from '../../kits/typescript/rsocket/asking.mjs';
import { core, Flowable } from './library.mjs';

/** Leases of an instance: what it grants, once. */
export function leases({ leaseRequests }, { leaseTtlMs }) {
  if (leaseRequests === undefined) return {};
  const granted = () =>
    new Flowable((subscriber) => {
      subscriber.onSubscribe({ cancel: () => {}, request: () => subscriber.onNext(new core.Lease(Math.round(leaseTtlMs), leaseRequests)) });
    });
  const take = (received) => received.subscribe({ onSubscribe: (subscription) => subscription.request(MAX) });
  return { leases: () => new core.Leases().sender(granted).receiver(take) };
}

/** Follows what becomes of a connection: `told` when it is gone. Gives what says whether it is. */
export function watch(rsocket, told) {
  let last = '';
  rsocket.connectionStatus().subscribe({
    onSubscribe: (subscription) => subscription.request(MAX),
    onNext({ kind }) {
      last = kind;
      if (kind === 'CLOSED' || kind === 'ERROR') told();
    },
  });
  return () => last === 'CLOSED' || last === 'ERROR';
}
