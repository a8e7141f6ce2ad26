"""The library's options, of what a client is to be made with."""

from replit_river.transport_options import ConnectionRetryOptions, TransportOptions

# The library's own names; it has no option for connectionTimeoutMs.
RETRY = {
    "base_interval_ms": ("baseIntervalMs", round),
    "max_jitter_ms": ("maxJitterMs", round),
    "max_backoff_ms": ("maxBackoffMs", float),
    "attempt_budget_capacity": ("attemptBudgetCapacity", float),
    "budget_restore_interval_ms": ("budgetRestoreIntervalMs", float),
}
SESSION = {
    "handshake_timeout_ms": ("handshakeTimeoutMs", float),
    "session_disconnect_grace_ms": ("sessionDisconnectGraceMs", float),
    "heartbeat_ms": ("heartbeatIntervalMs", float),
    "heartbeats_until_dead": ("heartbeatsUntilDead", round),
}


def transport_options(params):
    def given(names):
        timers = params["timers"]
        return {ours: convert(timers[name]) for ours, (name, convert) in names.items() if name in timers}

    return TransportOptions(
        connection_retry_options=ConnectionRetryOptions(**given(RETRY)),
        transparent_reconnect=params["options"].get("transparentReconnects", True),
        **given(SESSION),
    )
