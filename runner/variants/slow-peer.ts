import type { PeerEvents } from '../../protocols/common/control.ts';
import { type Dial, type Environment, eventsAround, type Link, type LinkEvents } from '../../protocols/common/environment.ts';
import type { MakeReferenceClient, MakeReferenceServer } from '../../protocols/common/protocol.ts';
import { abilitiesOf } from '../worlds/server-end.ts';
import { type Later, startLater } from './late-queue.ts';

/** How long a slow peer takes for one thing, in ms of its world. Called once for each. */
export type Draw = () => number;

/** The client with a while between what happens and what it makes of it: frames it gets and writes, what its application is told. */
export function slowClient(make: MakeReferenceClient, draw: Draw): MakeReferenceClient {
  return (environment, dial, events) => make(environment, slowDial(environment, dial, draw), slowEvents(environment, events, draw));
}

/** The server, slow likewise. */
export function slowServer(make: MakeReferenceServer, draw: Draw): MakeReferenceServer {
  return (environment, events, dial) => {
    const slowly = dial && slowDial(environment, dial, draw);
    const peer = make(environment, slowEvents(environment, events, draw), slowly);
    return {
      ...abilitiesOf(peer),
      serve(params) {
        const accept = peer.serve(params);
        if (typeof accept !== 'function') return accept;
        return (link) => {
          const later = startLater(environment, draw);
          return slowLinkEvents(accept(slowLink(link, startLater(environment, draw))), later);
        };
      },
      stop: (params) => peer.stop(params),
      script: (command, context) => peer.script(command, context),
    };
  };
}

function slowDial(environment: Environment, dial: Dial, draw: Draw): Dial {
  return (events, address) => slowLink(dial(slowLinkEvents(events, startLater(environment, draw)), address), startLater(environment, draw));
}

function slowLink(link: Link, later: Later): Link {
  const { raw, head, upkeep } = link;
  return {
    ...(raw === undefined ? {} : { raw: (bytes) => later(() => raw.call(link, bytes)) }),
    ...(head === undefined ? {} : { head: (bytes) => later(() => head.call(link, bytes)) }),
    ...(upkeep === undefined ? {} : { upkeep: (frame) => later(() => upkeep.call(link, frame)) }),
    send: (frame) => later(() => link.send(frame)),
    close: (code, reason) => later(() => link.close(code, reason)),
    abort: () => later(() => link.abort()),
  };
}

function slowLinkEvents(events: LinkEvents, later: Later): LinkEvents {
  return eventsAround(events, (_happening, tell) => later(tell));
}

function slowEvents(environment: Environment, events: PeerEvents, draw: Draw): PeerEvents {
  const later = startLater(environment, draw);
  return {
    start: (params) => later(() => events.start(params)),
    message: (params) => later(() => events.message(params)),
    end: (params) => later(() => events.end(params)),
    status: (params) => later(() => events.status(params)),
    handler: (params) => later(() => events.handler(params)),
    log: (params) => later(() => events.log(params)),
  };
}
