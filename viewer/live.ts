import type { TraceRecordRead } from '../runner/bundles/records.ts';
import type { Finding, Glossary } from '../runner/results/result.ts';
import type { PieceId } from './page.ts';

/** What a page that follows a tap holds and hears. */

/** The piece of a page that follows a tap: a `LiveHead`. A page without it is a report. */
export const LIVE_PIECE: PieceId = 'live';

/** Path of the news, a stream of server-sent events: a `LiveNews` each. */
export const NEWS_PATH = 'news';

/** Path to which faults are sent by POST, `{ "fault": "cut: {}" }`, or which to lift, `{ "lift": 3 }`; answered by a `FaultAnswer`. */
export const FAULTS_PATH = 'fault';

/** What a page may have done. */
export interface LiveFaults {
  /** Sent with each request, as `x-weir-token`. */
  readonly token: string;
  /** Faults that are offered, in the grammar of cases, and what each is called where it has a name. */
  readonly offered: readonly { readonly text: string; readonly says?: string }[];
}

/** What became of a fault that was sent. */
export type FaultAnswer = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** A fault at work. */
export interface LiveFault {
  /** By which it is lifted. */
  readonly id: number;
  /** As cases write it. */
  readonly what: string;
  /** What fits and passes before it strikes. */
  readonly skip: number;
  /** How much it has struck, where it counts that. */
  readonly struck?: number;
  /** How much it will still strike; absent: any number, or all until it is lifted. */
  readonly left?: number;
  /** Of one that is at work on connections: which. */
  readonly connections?: readonly number[];
}

/** Faults at work, and what faults have done. */
export interface FaultNews {
  readonly armed: readonly LiveFault[];
  /** The newest, in order: what was armed, struck, lifted. */
  readonly done: readonly { readonly t: number; readonly what: string }[];
}

/** What is known when the page is made. */
export interface LiveHead {
  /** Of the protocol. */
  readonly title: string;
  /** Where ends dial the tap: clients, or each of those that dial a broker, by its name. */
  readonly ways: readonly { readonly who: string; readonly url: string }[];
  /** Where the server or the broker is. */
  readonly upstream: string;
  readonly requirements: Glossary['requirements'];
  readonly faults: LiveFaults;
}

/** A rule that an end was seen to break. */
export interface LiveFinding extends Finding {
  readonly blame: 'client' | 'server';
  readonly gravity: 'fail' | 'warn' | 'question';
  /** How often that end has broken it so far. */
  readonly times: number;
}

/** What has come since the last news. */
export interface LiveNews {
  /** The page begins anew: what it has is not continued by this. Absent: it is. */
  readonly anew?: true;
  /** Frames that came too fast to be drawn, before these records. */
  readonly skipped?: number;
  /** One after the other, without holes. */
  readonly records: readonly TraceRecordRead[];
  readonly findings: readonly LiveFinding[];
  readonly binding: string | undefined;
  readonly frames: number;
  readonly connections: number;
  /** Requirements that were examined so far, by end. */
  readonly examined: { readonly client: number; readonly server: number };
  /** Absent: as it was. */
  readonly faults?: FaultNews;
  /** Nothing more will come. */
  readonly over?: true;
}
