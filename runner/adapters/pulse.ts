/** How long after an answer the next ping goes out, ms. */
const PAUSE_MS = 40;

/** What an answer may take without anything being late, ms. */
const USUAL_MS = 4;

/** Longest wait for the first answer, ms: who has not answered by then answers no pings. */
const FIRST_MS = 1000;

/** Longest wait for any other answer, ms. */
const LONGEST_MS = 60_000;

/** What came of a ping; an error is an answer as good as any. */
type Pong = 'result' | 'error' | 'late' | 'closed';

/** How much time a process loses, by how late it answers pings. */
export interface Pulse {
  /** Sends the first ping and waits for what comes of it. Until that was answered nothing is measured. */
  tryOut(): Promise<void>;
  /** Pings from now on until `rest`. */
  beat(): void;
  rest(): void;
  /** Ms lost so far. */
  lostMs(): number;
}

/** A pulse that does not beat yet; `ping` sends one and gives what came of it, never rejecting. */
export function startPulse(ping: (boundMs: number) => Promise<Pong>, now: () => number = () => performance.now()): Pulse {
  let answers = false;
  let beating = false;
  let sent: number | undefined;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  const overdue = (): number => (sent === undefined ? 0 : Math.max(0, now() - sent - USUAL_MS));

  async function once(boundMs: number): Promise<boolean> {
    sent = now();
    const pong = await ping(boundMs);
    lost += overdue();
    sent = undefined;
    return pong === 'result' || pong === 'error';
  }

  async function go(): Promise<void> {
    timer = undefined;
    if (sent !== undefined) return;
    answers = await once(LONGEST_MS);
    if (answers && beating) timer = setTimeout(() => void go(), PAUSE_MS).unref();
  }

  return {
    async tryOut() {
      answers = await once(FIRST_MS);
      lost = 0;
    },
    beat() {
      if (!answers || beating) return;
      beating = true;
      void go();
    },
    rest() {
      beating = false;
      clearTimeout(timer);
      timer = undefined;
    },
    lostMs: () => lost + overdue(),
  };
}
