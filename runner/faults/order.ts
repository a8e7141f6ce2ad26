import type { Party } from '../../protocols/common/frame.ts';
import { show } from '../../protocols/common/show.ts';
import type { Split } from './exchange.ts';
import type { Fault } from './fault.ts';
import type { Strike } from './state.ts';

/** Ends of connections. */
type Toward = Party | 'both';

/** What a fault of a case asks of the engine. */
export type Order =
  /** Arm a fault that waits for its frame. */
  | { readonly do: 'strike'; readonly strike: Strike; readonly pattern: unknown; readonly skip: number; readonly times: number }
  | { readonly do: 'cut'; readonly how: 'fin' | 'rst'; readonly refuse: boolean; readonly of?: string | undefined }
  | { readonly do: 'close'; readonly code: number | undefined; readonly toward: Toward }
  | { readonly do: 'stall'; readonly from: Toward; readonly of?: string | undefined }
  | { readonly do: 'refuse'; readonly how: 'reset' | 'silent' | 'http'; readonly times: number; readonly of?: string | undefined }
  | { readonly do: 'inject'; readonly toward: Party; readonly what: Injected; readonly of?: string | undefined }
  | { readonly do: 'restore' | 'resume' | 'release' };

/** A made-up frame. */
export type Injected =
  | { readonly kind: 'message'; readonly message: unknown }
  | { readonly kind: 'hex'; readonly hex: string }
  | { readonly kind: 'text'; readonly text: string };

/** Reads a fault with its defaults filled in. Throws an Error saying what is wrong with it. */
export function orderOf(fault: Fault): Order {
  if (typeof fault === 'string') {
    switch (fault) {
      case 'cut':
        return { do: 'cut', how: 'rst', refuse: true };
      case 'stall':
        return { do: 'stall', from: 'both' };
      case 'refuse':
        return { do: 'refuse', how: 'reset', times: Infinity };
      default:
        return { do: fault };
    }
  }
  const words = Object.entries(fault).filter(([, content]) => content !== undefined);
  if (words.length !== 1) throw new Error(`a fault has exactly one key, this one has ${words.length}: ${show(fault)}`);
  if (fault.cut !== undefined) return cutOf(fault.cut);
  if (fault.close !== undefined) return closeOf(fault.close);
  if (fault.stall !== undefined) return stallOf(fault.stall);
  if (fault.refuse !== undefined)
    return { do: 'refuse', how: fault.refuse.how ?? 'reset', times: fault.refuse.times ?? Infinity, of: fault.refuse.of };
  if (fault.inject !== undefined) return { do: 'inject', toward: fault.inject.toward, what: injectedOf(fault.inject), of: fault.inject.of };
  if (fault.drop !== undefined) return aimed(fault.drop, { word: 'drop' });
  if (fault.duplicate !== undefined) return aimed(fault.duplicate, { word: 'duplicate' });
  if (fault.hold !== undefined) return aimed(fault.hold, { word: 'hold' });
  if (fault.reorder !== undefined) return aimed(fault.reorder, { word: 'reorder' });
  if (fault.corrupt !== undefined) return aimed(fault.corrupt, { word: 'corrupt', byte: fault.corrupt.byte ?? 0 });
  if (fault.truncate !== undefined) return aimed(fault.truncate, { word: 'truncate', to: fault.truncate.to });
  if (fault.delay !== undefined) return aimed(fault.delay, { word: 'delay', nominalMs: fault.delay.for });
  if (fault.split !== undefined) return aimed(fault.split, { word: 'split', split: splitOf(fault.split) });
  if (fault.replace !== undefined) return aimed(fault.replace, { word: 'replace', set: fault.replace.set });
  throw new Error(`no such fault: ${show(fault)}`);
}

type Detailed = Exclude<Fault, string>;

function cutOf(cut: NonNullable<Detailed['cut']>): Order {
  const how = cut.how ?? 'rst';
  const refuse = cut.reconnect === 'refuse';
  if (cut.frame !== undefined) {
    if (cut.of !== undefined) throw new Error('cut: with `frame` it is the pattern that says whose connection; put `of` there');
    return aimed({ frame: cut.frame, nth: cut.nth }, { word: 'cut', how, at: cut.at ?? 'before', refuse });
  }
  if (cut.at !== undefined || cut.nth !== undefined) {
    throw new Error('cut: `at` and `nth` speak of a frame; say which with `frame`, or leave them out to cut now');
  }
  return { do: 'cut', how, refuse, of: cut.of };
}

function closeOf({ code, toward = 'both' }: NonNullable<Detailed['close']>): Order {
  return { do: 'close', code: code === 'none' ? undefined : code, toward };
}

function splitOf({ into, at }: NonNullable<Detailed['split']>): Split {
  if (at === undefined) return { into: into ?? 2 };
  if (into !== undefined) throw new Error('split: give `into` or `at`, not both');
  return { at };
}

function stallOf({ from, frame, nth, of }: NonNullable<Detailed['stall']>): Order {
  if (frame === undefined) {
    if (nth !== undefined) throw new Error('stall: `nth` speaks of a frame; say which with `frame`, or leave it out to stall now');
    return { do: 'stall', from: from ?? 'both', of };
  }
  if (from !== undefined || of !== undefined)
    throw new Error('stall: with `frame` it is the sender of that frame whose words stay away; leave `from` and `of` out');
  return aimed({ frame, nth }, { word: 'stall' });
}

function injectedOf(inject: NonNullable<Detailed['inject']>): Injected {
  const given: Injected[] = [];
  if (inject.message !== undefined) given.push({ kind: 'message', message: inject.message });
  if (inject.hex !== undefined) given.push({ kind: 'hex', hex: inject.hex });
  if (inject.text !== undefined) given.push({ kind: 'text', text: inject.text });
  const [only, ...others] = given;
  if (only === undefined || others.length > 0) throw new Error('inject: give exactly one of `message`, `hex` and `text`');
  if (only.kind === 'hex' && !/^([0-9a-f]{2})*$/i.test(only.hex)) {
    throw new Error(`inject: hex must be pairs of hexadecimal digits, got ${show(only.hex)}`);
  }
  return only;
}

function aimed(aim: { frame?: unknown; nth?: number | undefined; times?: number | 'all' | undefined }, strike: Strike): Order {
  const times = aim.times === 'all' ? Infinity : (aim.times ?? 1);
  return { do: 'strike', strike, pattern: aim.frame, skip: (aim.nth ?? 1) - 1, times };
}
