import { readFileSync } from 'node:fs';
import { createFileRegistry, createRegistry, fromBinary, fromJson, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf';
import { AnySchema, FileDescriptorSetSchema, file_google_protobuf_descriptor } from '@bufbuild/protobuf/wkt';
import type { HttpField } from '../../protocols/carriers/http/head.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { groupedFields, type Metadata, metadataOfFields } from '../../protocols/connect/metadata.ts';
import { type Procedure, proceduresOf } from '../../protocols/connect/schema.ts';

const PACKAGE = 'connectrpc.conformance.v1';

/** The suite's messages, out of the descriptors that `buf build` writes of its .proto files. */
export interface SuiteMessages {
  /** The service that is called, its procedures by name. */
  readonly procedures: ReadonlyMap<string, Procedure>;
  /** Name of one of them. */
  nameOf(method: string): string;
  read(type: string, bytes: Uint8Array): Members;
  write(type: string, value: JsonValue): Uint8Array;
  /** The bytes of a message in an Any. */
  unpacked(any: JsonValue): { readonly type: string; readonly value: Uint8Array };
  /** The JSON of an Any with these bytes. */
  packed(type: string, value: Uint8Array): JsonValue;
}

/** A message's JSON, its members looked at one by one. */
export type Members = Readonly<Record<string, JsonValue | undefined>>;

/** Reads the descriptors. */
export function suiteMessages(path: string): SuiteMessages {
  const described = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(path)));
  // Details of errors hold messages that describe others.
  const registry = createRegistry(described, file_google_protobuf_descriptor);
  const service = registry.getService(`${PACKAGE}.ConformanceService`);
  if (service === undefined) throw new Error(`${path} does not describe ${PACKAGE}.ConformanceService`);
  const typeOf = (name: string) => {
    const type = registry.getMessage(`${PACKAGE}.${name}`);
    if (type === undefined) throw new Error(`${path} does not describe ${name}`);
    return type;
  };
  return {
    procedures: proceduresOf(service, registry),
    nameOf: (method) => `${service.typeName}/${method}`,
    read: (type, bytes) => membersOf(toJson(typeOf(type), fromBinary(typeOf(type), bytes), { registry })),
    write: (type, value) => toBinary(typeOf(type), fromJson(typeOf(type), value, { registry })),
    unpacked(json) {
      const any = fromJson(AnySchema, json, { registry });
      return { type: any.typeUrl.slice(any.typeUrl.lastIndexOf('/') + 1), value: any.value };
    },
    packed: (type, value) =>
      toJson(AnySchema, { $typeName: 'google.protobuf.Any', typeUrl: `type.googleapis.com/${type}`, value }, { registry }),
  };
}

/** A JSON object's members; none of what is no object. */
export function membersOf(value: unknown): Members {
  return isPlainObject(value) ? (value as Members) : {};
}

/** A list of a message. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** Fields as the suite's headers: each name once, with its values. */
export function headersOf(fields: readonly HttpField[]): JsonValue {
  return [...groupedFields(fields)].map(([name, value]) => ({ name, value: [...value] }));
}

/** The suite's headers as metadata. */
export function metadataIn(headers: JsonValue | undefined): Metadata {
  return metadataOfFields(
    listOf(headers).flatMap((header) => {
      const { name, value } = membersOf(header);
      return listOf(value).map((each) => ({ name: String(name), value: String(each) }));
    }),
  );
}

/** Messages behind their length in four bytes, as they come; `take` is called with each. */
export function readFramed(chunk: Uint8Array, kept: { bytes: Buffer }, take: (message: Uint8Array) => void): void {
  kept.bytes = Buffer.concat([kept.bytes, chunk]);
  while (kept.bytes.length >= 4 && kept.bytes.length >= 4 + kept.bytes.readUInt32BE(0)) {
    const end = 4 + kept.bytes.readUInt32BE(0);
    take(new Uint8Array(kept.bytes.subarray(4, end)));
    kept.bytes = kept.bytes.subarray(end);
  }
}

/** A message behind its length. */
export function framed(message: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}
