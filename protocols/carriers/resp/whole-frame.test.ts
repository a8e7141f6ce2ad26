import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { encodeCommand, encodeValue } from './encode.ts';
import { type Grammar, Scanner } from './scanner.ts';
import { anyCommand, anyReply } from './testing/any.ts';
import { wholeFrameEnd } from './whole-frame.ts';

const anyGrammar = fc.constantFrom<Grammar>('commands', 'replies');
/** Bytes that look like RESP more often than not. */
const likeResp = fc
  .array(
    fc.oneof(fc.constantFrom(...'*$+-:_#,(!=~>%|\r\n0123 "a'), fc.constantFrom('\r\n', '$1\r\na\r\n', '*1\r\n', '$-1\r\n', '+a\r\n')),
    {
      maxLength: 40,
    },
  )
  .map((parts) => new Uint8Array(Buffer.from(parts.join(''), 'latin1')));

/** What the scanner says, whose word counts. */
const scanned = (bytes: Uint8Array, from: number, grammar: Grammar) => new Scanner(grammar).scan(bytes, from);

describe('where a frame ends that stands whole', () => {
  it('is where the scanner says, or left to it, whatever the bytes are', () => {
    fc.assert(
      fc.property(likeResp, fc.nat(5), anyGrammar, (bytes, from, grammar) => {
        const end = wholeFrameEnd(bytes, from, grammar);
        if (end !== 0) expect(scanned(bytes, from, grammar)).toEqual({ kind: 'whole', end });
      }),
      { numRuns: 20_000 },
    );
  });

  it('is the same where a byte of what was written is another', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyCommand.map(encodeCommand), anyReply.map(encodeValue)),
        fc.nat(),
        fc.nat(255),
        anyGrammar,
        (frame, at, byte, grammar) => {
          frame[at % frame.length] = byte;
          const end = wholeFrameEnd(frame, 0, grammar);
          if (end !== 0) expect(scanned(frame, 0, grammar)).toEqual({ kind: 'whole', end });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is found of what clients and Redis write, whatever follows', () => {
    const behind = fc.uint8Array({ maxLength: 5 });
    fc.assert(
      fc.property(anyCommand.map(encodeCommand), behind, (frame, rest) => {
        expect(wholeFrameEnd(Buffer.concat([frame, rest]), 0, 'commands')).toBe(frame.length);
      }),
    );
    fc.assert(
      fc.property(anyReply.map(encodeValue), behind, (frame, rest) => {
        expect(wholeFrameEnd(Buffer.concat([frame, rest]), 0, 'replies')).toBe(frame.length);
      }),
    );
  });

  test.each([
    ['a list within a list, 513 times', `${'*1\r\n'.repeat(513)}:1\r\n`],
    ['a length of eight digits', `$00000001\r\na\r\n`],
  ])('is left to the scanner near a limit: %s', (_what, text) => {
    expect(wholeFrameEnd(Buffer.from(text), 0, 'replies')).toBe(0);
  });
});
