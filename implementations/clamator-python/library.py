"""What hangs on which version of the library, and of the one beneath it, is there."""

import inspect
from importlib.metadata import version

from clamator_over_redis import RedisRpcClient

VERSION = version("clamator-over-redis")
# The Redis library speaks RESP3 by itself from 8 on.
SPEAKS_RESP3 = int(version("redis").split(".")[0]) >= 8
# Of one call, beside that of the client.
OWN_TIMEOUT = "timeout_ms" in inspect.signature(RedisRpcClient.call).parameters
