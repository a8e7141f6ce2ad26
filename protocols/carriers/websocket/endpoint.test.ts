import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../common/carrier.ts';
import type { LinkClosed, LinkEvents } from '../../common/environment.ts';
import { type Frame, messageOf, type Side } from '../../common/frame.ts';
import { startWebSocketEndpoint } from './endpoint.ts';

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const REQUEST = latin1('GET /a HTTP/1.1\r\nSec-WebSocket-Protocol: swill/1\r\n\r\n');
const ACCEPTED = latin1('HTTP/1.1 101 Switching Protocols\r\n\r\n');

/** An endpoint, what it wrote and what its owner heard. */
function started(side: Side): { end: Endpoint; wrote: Frame[]; heard: string[]; later: (() => void)[] } {
  const wrote: Frame[] = [];
  const heard: string[] = [];
  const later: (() => void)[] = [];
  const owner: LinkEvents = {
    opened: () => void heard.push('opened'),
    head: (head) => void heard.push(`head ${Buffer.from(head).toString('latin1').split('\r\n')[0]}`),
    message: ({ data }) => void heard.push(`message ${Buffer.from(data)}`),
    upkeep: ({ kind, data }) => void heard.push(`${kind} ${Buffer.from(data)}`),
    closed: ({ code, reason }: LinkClosed) => void heard.push(`closed ${code} ${reason}`.trim()),
  };
  const outlet = {
    frame: (frame: Frame) => void wrote.push(frame),
    bytes: () => void heard.push('bytes'),
    ended: (how: 'fin' | 'rst') => void heard.push(how),
    later: (happen: () => void) => void later.push(happen),
  };
  return { end: startWebSocketEndpoint(side, outlet, () => owner), wrote, heard, later };
}

function opened(side: Side) {
  const made = started(side);
  made.end.open();
  if (side === 'dialler') {
    made.end.link.head?.(REQUEST);
    made.end.arrive({ kind: 'head', class: 'opening', data: ACCEPTED });
  } else {
    made.end.arrive({ kind: 'head', class: 'opening', data: REQUEST });
    made.end.link.head?.(ACCEPTED);
  }
  made.wrote.splice(0);
  made.heard.splice(0);
  return made;
}

describe.each(['dialler', 'acceptor'] as const)('the %s of a WebSocket whose owner writes the heads', (side) => {
  it('sends nothing before the upgrade is over, and what its owner gives it then', () => {
    const { end, wrote, heard } = started(side);
    end.link.send(messageOf(latin1('early')));
    end.open();
    end.link.send(messageOf(latin1('early')));
    end.arrive(messageOf(latin1('early')));
    expect([wrote, heard]).toEqual([[], ['opened']]);
    const open = opened(side);
    open.end.link.send(messageOf(latin1('late')));
    open.end.arrive(messageOf(latin1('m')));
    expect(open.wrote).toMatchObject([{ kind: 'message' }]);
    expect(open.heard).toEqual(['message m']);
  });

  it('answers a ping with its bytes, and tells of it', () => {
    const { end, wrote, heard } = opened(side);
    end.arrive({ kind: 'ping', class: 'upkeep', data: latin1('p') });
    end.arrive({ kind: 'pong', class: 'upkeep', data: latin1('q') });
    expect(wrote).toEqual([{ kind: 'pong', class: 'upkeep', data: latin1('p') }]);
    expect(heard).toEqual(['ping p', 'pong q']);
  });

  it.each([1000, 1001, 1011, 3000, 4999, undefined])('answers a close frame with %s in kind, and hears nothing behind it', (code) => {
    const { end, wrote, heard } = opened(side);
    end.arrive({ kind: 'close', class: 'closing', code, reason: 'r' });
    end.arrive(messageOf(latin1('late')));
    end.end('fin');
    end.end('fin');
    expect(wrote).toEqual([{ kind: 'close', class: 'closing', code, reason: '' }]);
    expect(heard).toEqual([...(side === 'acceptor' ? ['fin'] : []), `closed ${code ?? 1005} r`]);
  });

  it.each([0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535])('answers a close frame with %s by 1002', (code) => {
    const { end, wrote } = opened(side);
    end.arrive({ kind: 'close', class: 'closing', code, reason: '' });
    expect(wrote).toMatchObject([{ kind: 'close', code: 1002 }]);
  });

  it('says in words what was no frame, cut where a close frame ends, and gives the connection up', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), (why) => {
        const { end, wrote, heard, later } = opened(side);
        end.broken(why);
        for (const happen of later) happen();
        const [close] = wrote;
        expect(close).toMatchObject({ kind: 'close', code: 1002 });
        const reason = close?.class === 'closing' ? close.reason : '';
        expect(why.startsWith(reason)).toBe(true);
        expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
        expect(heard[0]).toBe('fin');
        expect(heard).toHaveLength(2);
      }),
    );
  });

  it('tells its end once, whatever happens to it in whatever order', () => {
    const happening = fc.constantFrom('open', 'head', 'arrive', 'close', 'closed', 'abort', 'broken', 'end', 'message', 'ping');
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 12 }), (all) => {
        const { end, heard, later, wrote } = started(side);
        for (const what of [...all, 'end']) {
          if (what === 'open') end.open();
          else if (what === 'head') end.link.head?.(side === 'dialler' ? REQUEST : ACCEPTED);
          else if (what === 'arrive') end.arrive({ kind: 'head', class: 'opening', data: side === 'dialler' ? ACCEPTED : REQUEST });
          else if (what === 'close') end.link.close(1000, '');
          else if (what === 'closed') end.arrive({ kind: 'close', class: 'closing', code: 1000, reason: '' });
          else if (what === 'abort') end.link.abort();
          else if (what === 'broken') end.broken('no');
          else if (what === 'end') end.end('fin');
          else if (what === 'message') end.link.send(messageOf(latin1('m')));
          else end.arrive({ kind: 'ping', class: 'upkeep', data: latin1('') });
          for (const happen of later.splice(0)) happen();
        }
        expect(heard.filter((said) => said.startsWith('closed'))).toHaveLength(1);
        expect(wrote.filter(({ kind }) => kind === 'close').length).toBeLessThanOrEqual(2);
      }),
    );
  });
});

it('a refused upgrade lets no message through, and its owner ends it', () => {
  const { end, wrote, heard, later } = started('acceptor');
  end.open();
  end.arrive({ kind: 'head', class: 'opening', data: REQUEST });
  end.link.head?.(latin1('HTTP/1.1 406 Not Acceptable\r\n\r\n'));
  end.link.send(messageOf(latin1('m')));
  end.link.close(1000, '');
  for (const happen of later) happen();
  expect(wrote.map(({ kind }) => kind)).toEqual(['head']);
  expect(heard).toEqual(['opened', 'head GET /a HTTP/1.1', 'fin', 'closed 1006']);
});
