import type { Retold, Telling } from '../../common/retelling.ts';
import type { Trace } from '../../common/trace.ts';
import { bindCalls } from '../bind.ts';
import { kindOf } from '../classify.ts';
import type { RiverMessage } from '../message.ts';
import { clientUnderTest } from './client-under-test.ts';
import { serverUnderTest } from './server-under-test.ts';
import { newDesk, readTo } from './teller.ts';

/** Tells a River trace again: applications' steps, and what the peer of the end under test is made to do by hand. */
export function retell(trace: Trace<RiverMessage>, telling: Telling): Retold<RiverMessage> {
  const desk = newDesk(trace, telling, bindCalls(trace, telling.calls));
  readTo(telling.underTest === 'client' ? clientUnderTest(desk) : serverUnderTest(desk), trace, desk);
  return {
    deeds: desk.deeds.toSorted((a, b) => a.n - b.n),
    pattern(event) {
      const from = event.type === 'sent' ? event.from : event.to === 'client' ? 'server' : 'client';
      const kind = kindOf(event.frame, event.decoded);
      const stream = event.decoded?.ok ? desk.names.stream(event.decoded.message.streamId) : undefined;
      return { from, kind, ...(stream === undefined ? {} : { stream }) };
    },
    needs: [...desk.needs],
    server: {},
    unsaid: [...desk.unsaid],
  };
}
