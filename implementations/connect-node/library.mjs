// The library at the version under test, and the service that cases talk about.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(`${folder}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

export const protobuf = await load('@bufbuild/protobuf');
export const connect = await load('@connectrpc/connect');
export const { codeFromString, codeToString } = await load('@connectrpc/connect/protocol-connect');
export const connectNode = await load('@connectrpc/connect-node');
export const { version } = JSON.parse(readFileSync(`${folder}/node_modules/@connectrpc/connect-node/package.json`, 'utf8'));

const { FileDescriptorSetSchema } = await load('@bufbuild/protobuf/wkt');
const descriptors = new URL('../../cases/connect/weir.binpb', import.meta.url);
const registry = protobuf.createFileRegistry(protobuf.fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
export const Test = registry.getService('weir.v1.Test');
export const Say = registry.getMessage('weir.v1.Say');

/** The method of a name as cases write it, such as `weir.v1.Test/Echo`. */
export const methodOf = (procedure) => Test.methods.find(({ name }) => `${Test.typeName}/${name}` === procedure);
