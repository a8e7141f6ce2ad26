import { expect, test } from 'vitest';
import type { ByteRange } from '../../protocols/common/byte-range.ts';
import { protocolEntry } from '../registry.ts';
import { traceRecord } from '../results/trace-record.ts';
import { maskedCaseText } from './case-text.ts';
import { secretsIn } from './gather.ts';
import { createSecrets } from './secrets.ts';

/** Metadata as `name=secret,name=secret`: names are told. */
function secretParts(metadata: Uint8Array): readonly ByteRange[] | undefined {
  const text = Buffer.from(metadata).toString('latin1');
  return text.includes('=')
    ? Array.from(text.matchAll(/=([^,]*)/g), ({ index, 1: value = '' }): ByteRange => [index + 1, index + 1 + value.length])
    : undefined;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const speaking = (keys: readonly string[] = []) => {
  const secrets = createSecrets({ keys });
  secrets.speaks({ secretParts });
  return secrets;
};

test('of metadata in bytes the parts are secrets that the protocol says; tagged or not', () => {
  const { keys } = speaking();
  const value = [{ metadata: bytes('route=hunter2,to=geheim') }, { metadata: { $bytes: base64('a=b') } }, { metadata: bytes('whole') }];
  expect([...secretsIn(value, keys)]).toEqual([bytes('hunter2'), bytes('geheim'), bytes('b'), bytes('whole')]);
});

test.each([
  ['text', { metadata: 'route=hunter2' }, ['route=hunter2']],
  ['bytes in a list', { metadata: [bytes('a=b')] }, [bytes('a=b')]],
  ['bytes below another name of secrets', { token: { metadata: bytes('a=b') } }, [bytes('a=b')]],
  ['bytes under another name of secrets', { token: bytes('a=b') }, [bytes('a=b')]],
])('anything else is a secret as a whole: %s', (_what, value, expected) => {
  expect([...secretsIn(value, speaking().keys)]).toEqual(expected);
});

test('so is metadata where the protocol leads to it, and where somebody says so', () => {
  const value = { metadata: bytes('a=b') };
  expect([...secretsIn(value, speaking().keys, [['metadata']])]).toEqual([bytes('a=b')]);
  expect([...secretsIn(value, speaking(['Metadata']).keys)]).toEqual([bytes('a=b')]);
});

test('those parts are masked in place; in a case too, which stays the same for who knows them', () => {
  const secrets = speaking();
  const value = { metadata: bytes('route=hunter2,to=geheim') };
  const masker = secrets.maskerOf([...secretsIn(value, secrets.keys)]);
  expect(masker.kept(value)).toEqual({ metadata: bytes('route=xxxxxx1,to=xxxxx2') });
  expect(masker.shown(value, [])).toEqual({ metadata: bytes('route=xxxxxx1,to=xxxxx2') });
  expect(masker.kept({ metadata: bytes('nothing=') })).toEqual({ metadata: bytes('nothing=') });
  const text = (metadata: string): string => `steps:\n  - send: { metadata: { $bytes: "${base64(metadata)}" } }\n`;
  expect(maskedCaseText(text('route=hunter2'), masker)).toBe(text('route=xxxxxx1'));
  expect(maskedCaseText(text('hunter2'), masker)).toBe(text('xxxxxx1'));
});

test('a frame of RSocket tells its route, and not the token beside it', async () => {
  const protocol = await protocolEntry('rsocket').protocol();
  const secrets = createSecrets();
  secrets.speaks(protocol);
  // REQUEST_RESPONSE of `echo` with the bearer token `s3cr3t-token`.
  const head = Buffer.from('00000001110000001afe0000050465' + '63686ffc00000d81', 'hex');
  const data = new Uint8Array(Buffer.concat([head, Buffer.from('s3cr3t-token')]));
  const at = { binding: 'tcp', from: 'client', openings: [] } as const;
  const frame = { kind: 'message', class: 'data', text: false, data } as const;
  const decoded = protocol.decode(frame, at);
  const event = { n: 1, t: 0, type: 'sent', from: 'client', connection: 0, frame, decoded } as const;
  const own = decoded.ok ? [...secretsIn(decoded.message, secrets.keys, protocol.secretPaths(decoded.message, secrets.keys))] : [];
  const record = JSON.stringify(traceRecord(event, { protocol, binding: 'tcp', masker: secrets.maskerOf(own) }));
  expect(record).toContain('"summary":"#1 REQUEST_RESPONSE echo"');
  const decodedAgain = Buffer.from(JSON.parse(record).frame.data, 'base64').toString('latin1');
  expect(decodedAgain).toContain('\u0004echo');
  expect(record + decodedAgain).not.toContain('s3cr3t');
});
