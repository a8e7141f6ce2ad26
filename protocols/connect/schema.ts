import {
  type DescMessage,
  type DescService,
  fromBinary,
  fromJson,
  type JsonValue,
  type Registry,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { fileDesc, serviceDesc } from '@bufbuild/protobuf/codegenv2';
import type { Codec } from './codec.ts';
import { valuesIn } from './survey.ts';

/** cases/connect/weir.proto as protoc describes it; protoc-gen-es writes this text from it. */
const FILE = fileDesc(
  'Cgp3ZWlyLnByb3RvEgd3ZWlyLnYxIpcBCgNTYXkSDAoEdGV4dBgBIAEoCRILCgNyYXcYAiABKAwSDgoGbnVtYmVyGAMgASgDEgwKBGxpc3QYBCADKAkSKAoGY291bnRzGAUgAygLMhgud2Vpci52MS5TYXkuQ291bnRzRW50cnkaLQoLQ291bnRzRW50cnkSCwoDa2V5GAEgASgJEg0KBXZhbHVlGAIgASgFOgI4ASJLCgtGYWlsUmVxdWVzdBIMCgRjb2RlGAEgASgJEg8KB21lc3NhZ2UYAiABKAkSHQoHZGV0YWlscxgDIAMoCzIMLndlaXIudjEuU2F5IicKC1dhaXRSZXF1ZXN0EgoKAm1zGAEgASgFEgwKBHRleHQYAiABKAkiSwoMQ291bnRSZXF1ZXN0EgoKAnRvGAEgASgFEhAKCHBhdXNlX21zGAIgASgFEgwKBGNvZGUYAyABKAkSDwoHbWVzc2FnZRgEIAEoCSITCgZOdW1iZXISCQoBbhgBIAEoBSIjCgVUb3RhbBILCgNzdW0YASABKAUSDQoFY291bnQYAiABKAUysQMKBFRlc3QSIgoERWNobxIMLndlaXIudjEuU2F5Ggwud2Vpci52MS5TYXkSKAoFRmV0Y2gSDC53ZWlyLnYxLlNheRoMLndlaXIudjEuU2F5IgOQAgESKgoERmFpbBIULndlaXIudjEuRmFpbFJlcXVlc3QaDC53ZWlyLnYxLlNheRI0CglGZXRjaEZhaWwSFC53ZWlyLnYxLkZhaWxSZXF1ZXN0Ggwud2Vpci52MS5TYXkiA5ACARIqCgRXYWl0EhQud2Vpci52MS5XYWl0UmVxdWVzdBoMLndlaXIudjEuU2F5EiIKBExlZnQSDC53ZWlyLnYxLlNheRoMLndlaXIudjEuU2F5EiQKBlVubWFkZRIMLndlaXIudjEuU2F5Ggwud2Vpci52MS5TYXkSMQoFQ291bnQSFS53ZWlyLnYxLkNvdW50UmVxdWVzdBoPLndlaXIudjEuTnVtYmVyMAESKAoDU3VtEg8ud2Vpci52MS5OdW1iZXIaDi53ZWlyLnYxLlRvdGFsKAESJgoEQ2hhdBIMLndlaXIudjEuU2F5Ggwud2Vpci52MS5TYXkoATABYgZwcm90bzM',
);

/** The standard test services. */
const TEST = serviceDesc(FILE, 0);

/** A procedure, its name as paths have it: `weir.v1.Test/Echo`. */
export interface Procedure {
  readonly name: string;
  readonly kind: 'unary' | 'server-stream' | 'client-stream' | 'bidi-stream';
  /** Whether it may be called by GET. */
  readonly isFree: boolean;
  readonly input: DescMessage;
  readonly output: DescMessage;
  /** Absent where no message holds others that it does not name. */
  readonly registry?: Registry;
}

const KINDS = {
  unary: 'unary',
  server_streaming: 'server-stream',
  client_streaming: 'client-stream',
  bidi_streaming: 'bidi-stream',
} as const;

/** Every procedure of a service, by its name; `registry` has the types that its messages may hold without naming them. */
export function proceduresOf(service: DescService, registry?: Registry): ReadonlyMap<string, Procedure> {
  return new Map(
    service.methods.map((method) => {
      const name = `${method.parent.typeName}/${method.name}`;
      const { input, output, methodKind, idempotency } = method;
      // NO_SIDE_EFFECTS, as descriptor.proto numbers it.
      return [
        name,
        { name, kind: KINDS[methodKind], isFree: idempotency === 1, input, output, ...(registry === undefined ? {} : { registry }) },
      ];
    }),
  );
}

/** The procedures of the test services. */
export const procedures = proceduresOf(TEST);

/** The message types that error details may have here, by their full names. */
export const messages: ReadonlyMap<string, DescMessage> = new Map(FILE.messages.map((message) => [message.typeName, message]));

/** A message as applications and cases have it: the JSON form of Protobuf, fields without a value left out. */
export type Value = JsonValue;

/** Reads a message of a body. Throws a RangeError where it holds more than a message may, another Error where the bytes are none. */
export function readMessage(type: DescMessage, codec: Codec, bytes: Uint8Array, registry?: Registry): Value {
  const known = registry === undefined ? {} : { registry };
  valuesIn(bytes, codec, type);
  if (codec === 'proto') return toJson(type, fromBinary(type, bytes), known);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return toJson(type, fromJson(type, JSON.parse(text) as JsonValue, { ignoreUnknownFields: true, ...known }), known);
}

/** Writes a message. Throws an Error where the value is none of that type. */
export function writeMessage(type: DescMessage, codec: Codec, value: unknown, registry?: Registry): Uint8Array {
  const known = registry === undefined ? {} : { registry };
  const message = fromJson(type, (value ?? {}) as JsonValue, known);
  return codec === 'proto' ? toBinary(type, message) : new TextEncoder().encode(JSON.stringify(toJson(type, message, known)));
}
