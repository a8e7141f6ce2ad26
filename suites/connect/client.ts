import type { JsonValue } from '@bufbuild/protobuf';
import type { PeerEvents } from '../../protocols/common/control.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { connectCarrier } from '../../protocols/connect/carrier.ts';
import { fieldsOfMetadata, type Metadata } from '../../protocols/connect/metadata.ts';
import { clientOf } from '../../reference-client/connect/index.ts';
import { startClock } from '../../runner/worlds/real/clock.ts';
import { linksOf } from '../../runner/worlds/real/links.ts';
import { framed, headersOf, listOf, type Members, membersOf, metadataIn, readFramed, suiteMessages } from './messages.ts';

// The reference client as a client under test of the official suite: reads ClientCompatRequests on stdin until its end, makes the calls,
// and writes what came of each on stdout. `node client.js <descriptors>`.

/** What has come of a call so far. */
interface Outcome {
  headers: Metadata;
  trailers: Metadata;
  readonly payloads: JsonValue[];
  error: { readonly code: string | number; readonly message: string; readonly extras?: unknown } | undefined;
  isOver: boolean;
  readonly onMessage: () => void;
  readonly onEnd: () => void;
}

const messages = suiteMessages(process.argv[2] ?? '');
const clock = startClock(1);
const outcomes = new Map<string, Outcome>();
const events: PeerEvents = {
  start({ call, metadata }) {
    const outcome = outcomes.get(call);
    if (outcome !== undefined) outcome.headers = metadata as Metadata;
  },
  message({ call, result }) {
    const outcome = outcomes.get(call);
    if (outcome === undefined) return;
    if (!result.ok) outcome.error = result.error;
    else {
      outcome.payloads.push(membersOf(result.value)['payload'] ?? {});
      outcome.onMessage();
    }
  },
  end({ call, metadata }) {
    const outcome = outcomes.get(call);
    if (outcome === undefined) return;
    outcome.trailers = metadata as Metadata;
    outcome.isOver = true;
    outcome.onEnd();
  },
  status() {},
  handler() {},
  log() {},
};
const dialer = linksOf(connectCarrier).dialer('http://127.0.0.1:1');
const client = clientOf(messages.procedures)(clock, dialer.dial, events);

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });

async function run(request: Members): Promise<JsonValue> {
  const name = String(request['testName']);
  const codec = request['codec'] === 'CODEC_JSON' ? 'json' : 'proto';
  const binding = request['compression'] === 'COMPRESSION_GZIP' ? `${codec}-gzip` : codec;
  const limit = Number(request['messageReceiveLimit'] ?? 0);
  const timeout = request['timeoutMs'];
  await client.connect({
    client: name,
    url: `http://${String(request['host'])}:${String(request['port'])}`,
    binding,
    clientId: '',
    serverId: '',
    timers: timeout === undefined ? {} : { timeoutMs: Number(timeout) },
    options: limit > 0 ? { readMaxBytes: limit } : {},
    eager: false,
  });
  const procedure = `${String(request['service'])}/${String(request['method'])}`;
  const kind = messages.procedures.get(procedure)?.kind ?? 'unary';
  const sent = listOf(request['requestMessages']).map((any) => {
    const { '@type': _type, ...value } = membersOf(any);
    return value;
  });
  const metadata = metadataIn(request['requestHeaders']);
  const cancel = membersOf(request['cancel']);
  const delay = Number(request['requestDelayMs'] ?? 0);
  let unsent = 0;
  const ended = new Promise<void>((resolve) => {
    let heard = 0;
    outcomes.set(name, {
      headers: {},
      trailers: {},
      payloads: [],
      error: undefined,
      isOver: false,
      onMessage() {
        heard += 1;
        if (cancel['afterNumResponses'] === heard) void client.cancel({ call: name });
      },
      onEnd: resolve,
    });
  });
  const isStream = kind === 'client-stream' || kind === 'bidi-stream';
  if (!isStream && delay > 0) await pause(delay);
  const byGet = request['useGetHttpMethod'] === true;
  await client.invoke({
    at: name,
    call: name,
    kind: byGet ? 'get' : kind,
    procedure,
    metadata,
    ...(isStream ? {} : { value: sent[0] ?? {} }),
  });
  if (isStream) {
    for (const [i, value] of sent.entries()) {
      if (delay > 0) await pause(delay);
      if (outcomes.get(name)?.isOver === true) {
        unsent = sent.length - i;
        break;
      }
      await client.send({ call: name, value });
    }
    if (cancel['beforeCloseSend'] === undefined) await client.finish({ call: name });
  }
  if (cancel['beforeCloseSend'] !== undefined) await client.cancel({ call: name });
  if (cancel['afterCloseSendMs'] !== undefined) {
    await pause(Number(cancel['afterCloseSendMs']));
    await client.cancel({ call: name });
  }
  if (cancel['afterNumResponses'] === 0) await client.cancel({ call: name });
  await ended;
  const outcome = outcomes.get(name);
  outcomes.delete(name);
  await client.disconnect({ client: name });
  if (outcome === undefined) throw new Error('nothing came of it');
  return {
    responseHeaders: headersOf(fieldsOfMetadata(outcome.headers)),
    payloads: outcome.payloads,
    ...(outcome.error === undefined ? {} : { error: errorOf(outcome.error) }),
    responseTrailers: headersOf(fieldsOfMetadata(outcome.trailers)),
    numUnsentRequests: unsent,
  };
}

function errorOf({ code, message, extras }: NonNullable<Outcome['error']>): JsonValue {
  const details = (Array.isArray(extras) ? extras : []).flatMap((detail) =>
    isPlainObject(detail) ? [messages.packed(String(detail['type']), new Uint8Array(Buffer.from(String(detail['value']), 'base64')))] : [],
  );
  return { code: `CODE_${String(code).toUpperCase()}`, message, details };
}

const kept = { bytes: Buffer.alloc(0) };
process.stdin.on('data', (chunk: Buffer) => {
  readFramed(chunk, kept, (bytes) => {
    const request = messages.read('ClientCompatRequest', bytes);
    const testName = String(request['testName']);
    const answer = (result: Record<string, JsonValue>): void => {
      process.stdout.write(framed(messages.write('ClientCompatResponse', { testName, ...result })));
    };
    run(request).then(
      (response) => answer({ response }),
      (error: unknown) => answer({ error: { message: error instanceof Error ? (error.stack ?? error.message) : String(error) } }),
    );
  });
});
// The connections that are left are ended with the process.
process.stdin.on('end', () => {
  const wait = (): void => {
    if (outcomes.size === 0) process.exit(0);
    clock.after(20, wait);
  };
  wait();
});
