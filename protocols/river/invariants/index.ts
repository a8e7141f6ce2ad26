import { acknowledgement } from './acknowledgement.ts';
import { binaryFrames } from './binary-frames.ts';
import { clientSilence } from './client-silence.ts';
import { clientStreams } from './client-streams.ts';
import { codecForms } from './codec-forms.ts';
import { controlPayloads } from './control-payloads.ts';
import { deadSession } from './dead-session.ts';
import { envelope } from './envelope.ts';
import { errors } from './errors.ts';
import { flags } from './flags.ts';
import { handshakeRequest } from './handshake-request.ts';
import { handshakeResponse } from './handshake-response.ts';
import { heartbeatEcho } from './heartbeat-echo.ts';
import { heartbeatPace } from './heartbeat-pace.ts';
import { identities } from './identities.ts';
import type { RiverInvariant } from './judging.ts';
import { laterSession } from './later-session.ts';
import { rehandshake } from './rehandshake.ts';
import { resumeClaim } from './resume-claim.ts';
import { resumeDecision } from './resume-decision.ts';
import { retransmission } from './retransmission.ts';
import { sameContent } from './same-content.ts';
import { sequence } from './sequence.ts';
import { serverSilence } from './server-silence.ts';
import { serverStreams } from './server-streams.ts';
import { sessionContinuity } from './session-continuity.ts';
import { subscriptionAnswer } from './subscription-answer.ts';

/** River's rules over traces. One line each; every invariant runs on every trace. */
export const riverInvariants: readonly RiverInvariant[] = [
  handshakeRequest,
  handshakeResponse,
  resumeClaim,
  resumeDecision,
  envelope,
  binaryFrames,
  codecForms,
  identities,
  sameContent,
  sequence,
  acknowledgement,
  retransmission,
  flags,
  controlPayloads,
  clientStreams,
  subscriptionAnswer,
  serverStreams,
  clientSilence,
  serverSilence,
  errors,
  heartbeatEcho,
  heartbeatPace,
  sessionContinuity,
  laterSession,
  rehandshake,
  deadSession,
];
