import { isMap, isScalar, isSeq, type Node, type Scalar, YAMLMap } from 'yaml';
import { positioned } from '../cases/source.ts';
import { type Secrecy, secrecyBelow, secretsIn } from './gather.ts';
import { bytesOf } from './mask.ts';
import type { Masker } from './masker.ts';
import { METADATA } from './secret-keys.ts';

/** A part of a text, and what takes its place. */
interface Patch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The text of a case file without its secrets: those under keys that name them, and whatever else is known, wherever it stands.
 * It is the same case but for them.
 */
export function maskedCaseText(text: string, masker: Masker): string {
  if (!masker.masking) return text;
  // Reading a case by its places takes far longer than looking for what could be a key.
  if (!mayNameSecrets(text, masker)) return masker.keptText(text);
  const patches: Patch[] = [];
  for (const part of valuesOf(positioned(text).contents)) collect(part, masker, false, patches);
  let result = '';
  let from = 0;
  for (const { start, end, text: put } of patches.sort((a, b) => a.start - b.start)) {
    result += masker.keptText(text.slice(from, start)) + put;
    from = end;
  }
  return result + masker.keptText(text.slice(from));
}

/** What may be a key in YAML: a word, a text in quotes, what stands before a colon. */
const KEYS = /"[^"\n]*"|'[^'\n]*'|[^\s{}[\],:"'][^{}[\],:\n]*(?=:)|[\p{L}\p{N}_$-]+/gu;

/** Whether anything in a case file may be a key that names a secret. An escape may spell anything. */
function mayNameSecrets(text: string, { keys }: Pick<Masker, 'keys'>): boolean {
  if (text.includes('\\')) return true;
  for (const word of new Set(text.match(KEYS))) if (keys(word.replaceAll(/^["']|["']$/g, '').trim())) return true;
  return false;
}

/** Names of axes and of their values, which ids of cases have too; no secret stands there. */
const NAMES: ReadonlySet<unknown> = new Set(['aliases', 'axes']);

/** The parts of a case file in which keys say what a value is. Of an axis that is what its values stand for. */
function valuesOf(root: unknown): unknown[] {
  if (!isMap(root)) return [root];
  const named = (node: unknown): unknown[] => (isMap(node) ? node.items.map(({ value }) => value) : []);
  const axes = root.items.find(({ key }) => isScalar(key) && key.value === 'axes')?.value;
  const rest = root.items.filter(({ key }) => !(isScalar(key) && NAMES.has(key.value)));
  const body = new YAMLMap();
  body.items = rest;
  return [body, ...named(axes).flatMap(named)];
}

function collect(node: unknown, masker: Masker, secret: Secrecy, into: Patch[]): void {
  if (isSeq(node)) for (const item of node.items) collect(item, masker, secret !== false, into);
  else if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (name === '$bytes' || name === '$bigint') patchTag(name, value, masker, secret, into);
      else if (!name.startsWith('$')) collect(value, masker, secrecyBelow(secret, name, masker.keys), into);
    }
  } else if (secret !== false && isScalar(node)) patchScalar(node, masker, into);
}

/** What stands for a value of an axis, which is masked where it is written. */
const OF_AN_AXIS = /^\$\{[\w.-]+\}$/;

function patchScalar(node: Scalar, masker: Masker, into: Patch[]): void {
  if (typeof node.value === 'string' && OF_AN_AXIS.test(node.value)) return;
  const [found] = secretsIn({ metadata: node.value }, (key) => key === 'metadata');
  if (found === undefined) return;
  const fill = masker.fill(found);
  if (fill === String(node.value)) return;
  // A number stays one, a text stays one.
  put(node, typeof node.value === 'string' && /^[\d.]/.test(fill) ? JSON.stringify(fill) : fill, into);
}

function patchTag(name: string, node: unknown, masker: Masker, secret: Secrecy, into: Patch[]): void {
  if (secret === false || !isScalar(node) || typeof node.value !== 'string') return;
  if (name === '$bigint') put(node, JSON.stringify(masker.fill(node.value)), into);
  else put(node, JSON.stringify(maskedBase64(node.value, masker, secret)), into);
}

/** Bytes in base64 without what is secret of them. */
function maskedBase64(content: string, masker: Masker, secret: 'parts' | true): string {
  if (secret === 'parts') return (masker.kept({ [METADATA]: { $bytes: content } }) as { metadata: { $bytes: string } }).metadata.$bytes;
  return Buffer.from(bytesOf(masker.fill(new Uint8Array(Buffer.from(content, 'base64'))))).toString('base64');
}

function put(node: Node, text: string, into: Patch[]): void {
  if (node.range) into.push({ start: node.range[0], end: node.range[1], text });
}
