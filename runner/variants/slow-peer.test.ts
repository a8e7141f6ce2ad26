import { expect, test } from 'vitest';
import type { ClientPeer } from '../../protocols/common/control.ts';
import type { LinkEvents } from '../../protocols/common/environment.ts';
import type { Scriptable } from '../../protocols/common/protocol.ts';
import { slowClient } from './slow-peer.ts';

/** What a slow client hears that listens for these, when its link tells all there is to tell. */
function heard(listens: (say: (what: string) => void) => LinkEvents): string[] {
  const said: string[] = [];
  let link: LinkEvents | undefined;
  slowClient(
    (_environment, dial) => {
      dial(
        listens((what) => said.push(what)),
        'http://localhost',
      );
      return {} as ClientPeer & Scriptable;
    },
    () => 0,
  )(
    {
      now: () => 0,
      after(_ms, callback) {
        callback();
        return () => {};
      },
      random: () => 0,
    },
    (events) => {
      link = events;
      return { send() {}, close() {}, abort() {} };
    },
    { start() {}, message() {}, end() {}, status() {}, handler() {}, log() {} },
  );
  link?.head?.(Uint8Array.of(1));
  link?.opened();
  link?.upkeep?.({ kind: 'ping', class: 'upkeep', data: Uint8Array.of(2) });
  link?.ended?.();
  link?.closed({ code: 0, reason: '' });
  return said;
}

test('a slow client hears that the other end has said all, where a client hears it', () => {
  const listens = (say: (what: string) => void): LinkEvents => ({
    opened: () => say('opened'),
    message() {},
    ended: () => say('ended'),
    closed: () => say('closed'),
  });
  expect(heard(listens)).toEqual(['opened', 'ended', 'closed']);
});

test('and has nothing to hear it by where a client has not', () => {
  expect(heard((say) => ({ opened: () => say('opened'), message() {}, closed: () => say('closed') }))).toEqual(['opened', 'closed']);
});

test('a slow client that writes heads itself hears the one that answers, and pings where it listens for them', () => {
  const listens = (say: (what: string) => void): LinkEvents => ({
    head: (head) => say(`head ${head}`),
    opened: () => say('opened'),
    upkeep: ({ kind, data }) => say(`${kind} ${data}`),
    message() {},
    closed: () => say('closed'),
  });
  expect(heard(listens)).toEqual(['head 1', 'opened', 'ping 2', 'closed']);
});
