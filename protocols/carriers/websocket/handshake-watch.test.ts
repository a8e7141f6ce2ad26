import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { roleOf } from '../../common/frame.ts';
import { HandshakeWatch } from './handshake-watch.ts';
import { addressedTo } from './upgrade.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const request = (more = ''): Buffer => bytes(`GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\n${more}\r\n`);
const right = ['Upgrade: WebSocket', 'Connection: keep-alive, Upgrade', `Sec-WebSocket-Accept: ${accept}`];
const response = (...fields: string[]): Buffer =>
  bytes(`HTTP/1.1 101 Switching Protocols\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`);

function asked(more?: string): HandshakeWatch {
  const watch = new HandshakeWatch();
  expect(watch.head('dialler', request(more))).toBeUndefined();
  return watch;
}

describe('an upgrade', () => {
  it('that is as it should be gives nothing, however it ends', () => {
    const watch = asked('Sec-WebSocket-Protocol: a, b\r\n');
    expect(watch.head('acceptor', response(...right, 'Sec-WebSocket-Protocol: b'))).toBeUndefined();
    expect(watch.bytes('acceptor', bytes('anything'))).toBeUndefined();
    expect(watch.ended('acceptor')).toBeUndefined();
  });

  it.each([
    ['wrong-accept', [...right.slice(0, 2), 'Sec-WebSocket-Accept: AAAA'], 'with a wrong Sec-WebSocket-Accept ("AAAA")'],
    ['wrong-accept', right.slice(0, 2), 'without Sec-WebSocket-Accept'],
    ['no-upgrade-fields', right.slice(1), 'without "Upgrade: websocket"'],
    ['no-upgrade-fields', [right[0] ?? '', right[2] ?? ''], '"Connection: Upgrade"'],
    ['unasked-subprotocol', [...right, 'Sec-WebSocket-Protocol: river'], 'the subprotocol "river", which nobody asked for'],
    ['unasked-extension', [...right, 'Sec-WebSocket-Extensions: permessage-deflate'], 'the extension "permessage-deflate"'],
  ])('is %s where the answer does not fit: %j', (kind, fields, text) => {
    const problem = asked().head('acceptor', response(...fields));
    expect(problem).toMatchObject({ kind, text: expect.stringContaining(text) });
  });

  it('is answered in vain where that is in HTTP/1.0', () => {
    const old = Buffer.from(
      response(...right)
        .toString('latin1')
        .replace('HTTP/1.1', 'HTTP/1.0'),
      'latin1',
    );
    expect(asked().head('acceptor', old)).toMatchObject({ kind: 'old-http', text: 'answered the upgrade with 101 in HTTP/1.0' });
  });

  it('that is refused is told once, with the status and its body as soon as that is whole', () => {
    const watch = asked();
    expect(watch.head('acceptor', bytes('HTTP/1.1 403 Forbidden\r\nContent-Length: 19\r\n\r\n'))).toBeUndefined();
    expect(watch.bytes('acceptor', bytes('Invalid '))).toBeUndefined();
    expect(watch.bytes('acceptor', bytes('Host header'))).toEqual({
      kind: 'upgrade-refused',
      detail: '403',
      text: 'answered the upgrade with HTTP 403 Forbidden: Invalid Host header',
      allowed: true,
    });
    expect(watch.ended('acceptor')).toBeUndefined();
  });

  it.each(['dialler', 'acceptor'] as const)('that is refused is told when the %s ends, where its body has no length', (by) => {
    const watch = asked();
    watch.head('acceptor', bytes('HTTP/1.1 404 Not Found\r\n\r\n'));
    watch.bytes('acceptor', bytes('no such\n  path'));
    expect(watch.ended(by)?.text).toBe('answered the upgrade with HTTP 404 Not Found: no such path');
  });

  it('that is refused in chunks is told with what they hold', () => {
    const told = (body: string): string | undefined => {
      const watch = asked();
      watch.head('acceptor', bytes('HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n'));
      watch.bytes('acceptor', bytes(body));
      return watch.ended('acceptor')?.text;
    };
    expect(told('0\r\n\r\n')).toBe('answered the upgrade with HTTP 400 Bad Request');
    expect(told('3\r\nno \r\n4;x=y\r\nway!\r\n0\r\n\r\n')).toBe('answered the upgrade with HTTP 400 Bad Request: no way!');
    expect(told('ff\r\nno wa')).toBe('answered the upgrade with HTTP 400 Bad Request: no wa');
  });

  it('that nobody asked for is the client’s doing, whatever is answered', () => {
    const watch = new HandshakeWatch();
    const problem = watch.head('dialler', bytes('GET /status HTTP/1.1\r\nHost: x\r\n\r\n'));
    expect(problem).toEqual({ kind: 'no-upgrade', detail: '', text: 'asked for no upgrade: "GET /status HTTP/1.1"', own: true });
    expect(watch.head('acceptor', bytes('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n'))).toBeUndefined();
    expect(watch.ended('acceptor')).toBeUndefined();
  });

  it('that nobody answered is the server’s doing only where it went first', () => {
    expect(asked().ended('acceptor')).toMatchObject({ kind: 'closed-unanswered' });
    expect(asked().ended('dialler')).toBeUndefined();
    expect(new HandshakeWatch().ended('acceptor')).toBeUndefined();
  });

  it.each([
    ['tls', Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02]), 'acceptor'],
    ['tls', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), 'dialler'],
    ['no-http', bytes('SSH-2.0-OpenSSH'), 'acceptor'],
    ['no-http', Buffer.from([0x81, 0x00]), 'dialler'],
    ['no-http', bytes('HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n'), 'acceptor'],
    ['no-http', bytes('GET / HTTP/1.1\nHost: x\n\n'), 'dialler'],
  ] as const)('is %s where the bytes are none of HTTP', (kind, seen, from) => {
    const watch = from === 'dialler' ? new HandshakeWatch() : asked();
    expect(watch.bytes(from, seen)).toMatchObject({ kind, detail: roleOf(from) });
    expect(watch.bytes(from, seen)).toBeUndefined();
  });

  it('may have a body with blank lines of LF alone', () => {
    expect(asked().bytes('acceptor', bytes('HTTP/1.1 403 Forbidden\r\n\r\na\n\nb'))).toBeUndefined();
  });

  it('is read however its bytes come', () => {
    const watch = asked();
    for (const byte of bytes('HTTP/1.1 101 Switching')) expect(watch.bytes('acceptor', Buffer.from([byte]))).toBeUndefined();
  });
});

describe('a request that goes through a relay', () => {
  const through = (fields: string): string =>
    Buffer.from(addressedTo(bytes(`GET / HTTP/1.1\r\n${fields}\r\n\r\n`), 'localhost:80', '127.0.0.1:4000'))
      .toString('latin1')
      .split('\r\n')
      .slice(1, -2)
      .join('|');

  it.each([
    ['Host: 127.0.0.1:4000', 'Host: localhost:80'],
    ['host:127.0.0.1:4000', 'host:localhost:80'],
    ['Host: 127.0.0.1:4000\r\nOrigin: http://127.0.0.1:4000', 'Host: localhost:80|Origin: http://localhost:80'],
    ['Host: x\r\nOrigin: https://example.org', 'Host: localhost:80|Origin: https://example.org'],
    ['X-Host: x\r\nHost: x', 'X-Host: x|Host: localhost:80'],
  ])('names the server’s own address: %j', (fields, expected) => {
    expect(through(fields)).toBe(expected);
  });
});
