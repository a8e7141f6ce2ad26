import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import type { TraceRecordRead } from '../../../runner/bundles/records.ts';
import type { FieldRecord } from '../../../runner/results/field-record.ts';
import { hexRuns, ownersOf, pathId, type TreeNode, treeOf } from '../../model/fields.ts';
import { NOTHING } from '../../model/nothing.ts';
import { bytes, count, number } from '../../model/text.ts';

type FrameRecord = Extract<TraceRecordRead, { readonly type: 'sent' | 'delivered' }>;

/** Bytes, members and characters that are shown before somebody asks for more. */
const BYTES = 768;
const MEMBERS = 200;
const CHARACTERS = 160;

/** The decoded message as a tree, and its bytes; what is pointed at on one side is shown on the other. */
export function FrameBody({
  record,
  sent,
  other,
  otherSays,
  differing,
}: {
  readonly record: FrameRecord;
  readonly sent: FrameRecord | undefined;
  readonly other: FrameRecord | undefined;
  /** Before a member as the other trace has it. */
  readonly otherSays: string;
  readonly differing: readonly string[];
}) {
  const [pointed, setPointed] = useState(-1);
  const { frame } = record;
  const fields = record.fields ?? (record.type === 'delivered' && !record.altered ? sent?.fields : undefined) ?? NO_FIELDS;
  const data = useMemo(() => (frame.class === 'data' ? bytesOf(frame.data) : new Uint8Array(0)), [frame]);
  const nodes = useMemo(() => treeOf(record.message, fields), [record, fields]);
  // The head of an upgrade, as it was written but for its secrets.
  if (frame.class === 'opening') return <pre class="value">{plain(textOf(bytesOf(frame.data.$bytes)))}</pre>;
  if (frame.class !== 'data') {
    return frame.class === 'closing' ? (
      <p class="dim">
        close frame, {frame.code === undefined ? 'without a code' : `code ${frame.code}`}
        {frame.reason === '' ? '' : `, reason ${JSON.stringify(plain(frame.reason))}`}
      </p>
    ) : (
      <p class="dim">{frame.kind}, which the transport answers by itself</p>
    );
  }
  return (
    <div class="frame-body">
      <div class="tree-side">
        {record.undecodable === undefined ? null : (
          <p class="notice v-fail">
            no message of the protocol: <bdi>{plain(record.undecodable)}</bdi>
          </p>
        )}
        {nodes.length === 0 ? (
          <p class="dim">{frame.length === undefined ? 'nothing was decoded' : 'too long to be decoded here'}</p>
        ) : (
          <Tree
            nodes={nodes}
            fields={fields}
            pointed={pointed}
            onPoint={setPointed}
            other={other}
            otherSays={otherSays}
            differing={differing}
          />
        )}
      </div>
      <Hex data={data} fields={fields} pointed={pointed} onPoint={setPointed} />
    </div>
  );
}

/** The lines of a head. */
function textOf(head: Uint8Array): string {
  return new TextDecoder('latin1').decode(head).replaceAll('\r\n', '\n').trim();
}

const NO_FIELDS: readonly FieldRecord[] = [];

function Tree({
  nodes,
  fields,
  pointed,
  onPoint,
  other,
  otherSays,
  differing,
}: {
  readonly nodes: readonly TreeNode[];
  readonly fields: readonly FieldRecord[];
  readonly pointed: number;
  readonly onPoint: (field: number) => void;
  readonly other: FrameRecord | undefined;
  /** Before a member as the other trace has it. */
  readonly otherSays: string;
  readonly differing: readonly string[];
}) {
  const [all, setAll] = useState(false);
  const indexOf = useMemo(() => new Map(fields.map((field, index) => [field, index])), [fields]);
  const theirs = useMemo(
    () => (other === undefined ? undefined : new Map(treeOf(other.message, []).map(({ id, text }) => [id, text]))),
    [other],
  );
  const shown = all ? nodes : nodes.slice(0, MEMBERS);
  return (
    <>
      <ul class="tree" onPointerLeave={() => onPoint(-1)}>
        {shown.map((node) => {
          const index = node.field === undefined ? -1 : (indexOf.get(node.field) ?? -1);
          const differs = differing.includes(node.id);
          // What holds others has no text; what is not there at all is told as the table tells it.
          const reference = differs && theirs !== undefined ? (theirs.has(node.id) ? theirs.get(node.id) : NOTHING) : undefined;
          return (
            <li
              key={node.id}
              style={{ paddingLeft: `${node.depth * 14}px` }}
              class={`${index >= 0 && covers(fields, pointed, index) ? 'pointed' : ''}${differs ? ' differs' : ''}`}
              onPointerEnter={() => onPoint(index)}
            >
              <span class="key">{plain(node.key)}</span>
              {node.holds === undefined ? <Value text={node.text ?? ''} /> : <span class="dim"> {node.holds}</span>}
              {node.field?.says === undefined ? null : <bdi class="says"> {plain(node.field.says)}</bdi>}
              {node.field?.form === undefined ? null : <bdi class="form"> {plain(node.field.form)}</bdi>}
              {reference === undefined ? null : (
                <span class="reference">
                  {' '}
                  {otherSays}: {plain(reference)}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {shown.length < nodes.length ? (
        <button type="button" class="quiet" onClick={() => setAll(true)}>
          show {count(nodes.length - shown.length, 'more member')}
        </button>
      ) : null}
    </>
  );
}

/** A value in one line; a long one is cut, with its length, and opened on demand. */
function Value({ text }: { readonly text: string }) {
  const [open, setOpen] = useState(false);
  const safe = useMemo(() => plain(open ? text : text.slice(0, CHARACTERS)), [text, open]);
  if (text.length <= CHARACTERS) return <bdi class="value"> {safe}</bdi>;
  return (
    <>
      <bdi class={`value${open ? ' open' : ''}`}>
        {' '}
        {safe}
        {open ? '' : '…'}
      </bdi>{' '}
      <button type="button" class="quiet" onClick={() => setOpen(!open)}>
        {open ? 'cut' : `${number(text.length)} characters`}
      </button>
    </>
  );
}

/** Bytes that one step of "more" adds. */
const STEP = 16 * 1024;

function Hex({
  data,
  fields,
  pointed,
  onPoint,
}: {
  readonly data: Uint8Array;
  readonly fields: readonly FieldRecord[];
  readonly pointed: number;
  readonly onPoint: (field: number) => void;
}) {
  const [most, setMost] = useState(BYTES);
  const [across, setAcross] = useState(16);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => setAcross((box.current?.parentElement?.clientWidth ?? 800) < 760 ? 8 : 16), []);
  const shown = Math.min(most, data.length);
  const owners = useMemo(() => ownersOf(fields, shown), [fields, shown]);
  const lines = Math.ceil(shown / across);
  return (
    <div
      class="hex-side"
      ref={box}
      onPointerOver={(event) => {
        const of = event.target instanceof Element ? event.target.closest('[data-field]')?.getAttribute('data-field') : null;
        onPoint(of === null || of === undefined ? -1 : Number(of));
      }}
      onPointerLeave={() => onPoint(-1)}
    >
      <div class={`hex across-${across}`} role="region" aria-label="Bytes">
        {Array.from({ length: lines }, (_, line) => {
          const from = line * across;
          const to = Math.min(from + across, shown);
          const runs = hexRuns(owners, from, to);
          return (
            <div class="hex-line" key={line}>
              <span class="offset">{from.toString(16).padStart(4, '0')}</span>
              <span class="octets">
                {runs.map((run) => (
                  <span
                    key={run.from}
                    data-field={run.field}
                    class={run.field >= 0 && covers(fields, pointed, run.field) ? 'pointed' : undefined}
                  >
                    {Array.from(data.subarray(run.from, run.to), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}{' '}
                  </span>
                ))}
              </span>
              <span class="characters">
                {runs.map((run) => (
                  <span
                    key={run.from}
                    data-field={run.field}
                    class={run.field >= 0 && covers(fields, pointed, run.field) ? 'pointed' : undefined}
                  >
                    {Array.from(data.subarray(run.from, run.to), (byte) =>
                      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·',
                    ).join('')}
                  </span>
                ))}
              </span>
            </div>
          );
        })}
      </div>
      {shown < data.length ? (
        <button type="button" class="quiet" onClick={() => setMost(most + STEP)}>
          {bytes(shown)} of {bytes(data.length)}; show more
        </button>
      ) : null}
    </div>
  );
}

/** Whether the field that is pointed at is this one, or holds it. */
function covers(fields: readonly FieldRecord[], pointed: number, index: number): boolean {
  const [outer, inner] = [fields[pointed], fields[index]];
  if (outer === undefined || inner === undefined) return false;
  return (
    pointed === index || (outer.path.length < inner.path.length && pathId(inner.path.slice(0, outer.path.length)) === pathId(outer.path))
  );
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
