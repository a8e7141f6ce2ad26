// What both testees of the official suite share: the library, the suite's messages in it, and how they come and go.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(`${folder}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

export const protobuf = await load('@bufbuild/protobuf');
export const { anyPack, anyUnpack, FileDescriptorSetSchema, file_google_protobuf_descriptor } = await load('@bufbuild/protobuf/wkt');
export const connect = await load('@connectrpc/connect');
export const node = await load('@connectrpc/connect-node');

const { createFileRegistry, createRegistry, fromBinary } = protobuf;
export const registry = createRegistry(
  createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(process.argv[3] ?? ''))),
  file_google_protobuf_descriptor,
);
export const Service = registry.getService('connectrpc.conformance.v1.ConformanceService');
export const typeOf = (name) => registry.getMessage(`connectrpc.conformance.v1.${name}`);

/** Headers as the suite has them. */
export const headersOf = (headers) => [...headers].map(([name, value]) => ({ name, value: value.split(', ') }));

/** The suite's headers as those of the library. */
export function headersIn(list) {
  const headers = new Headers();
  for (const { name, value } of list ?? []) for (const each of value) headers.append(name, each);
  return headers;
}

/** Calls `take` with each message that comes on stdin, behind its length in four bytes. */
export function readAll(take, over = () => {}) {
  let kept = Buffer.alloc(0);
  process.stdin.on('data', (chunk) => {
    kept = Buffer.concat([kept, chunk]);
    while (kept.length >= 4 && kept.length >= 4 + kept.readUInt32BE(0)) {
      const end = 4 + kept.readUInt32BE(0);
      take(new Uint8Array(kept.subarray(4, end)));
      kept = kept.subarray(end);
    }
  });
  process.stdin.on('end', over);
}

export function say(bytes) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  process.stdout.write(Buffer.concat([length, bytes]));
}
