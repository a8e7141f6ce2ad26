import { expect, test } from 'vitest';
import type { Role } from '../../common/frame.ts';
import { Talk } from '../testing/talk.ts';
import { bytes } from '../testing/worked-bytes.ts';
import { rsocketRetellings } from './retell.ts';

const told = (underTest: Role, talk: Talk): unknown[] => {
  const [, byFrames] = rsocketRetellings;
  const telling = { underTest, binding: 'websocket', procedureKinds: {}, timers: {}, calls: [], timeScale: 1 } as const;
  return byFrames?.retell(talk.events, telling).deeds.map(({ by, step }) => [by, step]) ?? [];
};

/** A connection on which an end sends a ping or a pong of WebSocket. */
function kept(from: Role, kind: 'ping' | 'pong', data: Uint8Array): Talk {
  const talk = new Talk();
  talk.begin();
  talk.events.push({
    type: 'sent',
    n: talk.events.length,
    t: 0,
    connection: 0,
    from,
    frame: { kind, class: 'upkeep', data },
    decoded: undefined,
  });
  return talk;
}

test.each([
  ['client', 'server'],
  ['server', 'client'],
] as const)('a ping of WebSocket that the peer of a %s sent is sent again', (underTest, peer) => {
  expect(told(underTest, kept(peer, 'ping', bytes('are you there')))).toContainEqual(['peer', { peer: { ping: 'are you there' } }]);
  const said = JSON.stringify([
    told(underTest, kept(underTest, 'ping', bytes('are you there'))),
    told(underTest, kept(peer, 'pong', bytes('are you there'))),
    // No text, so no step can say it.
    told(underTest, kept(peer, 'ping', Uint8Array.of(0xff))),
  ]);
  expect(said).not.toContain('ping');
});
