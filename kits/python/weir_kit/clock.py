"""Times that are not timers of a library."""

import asyncio


class Clock:
    """What handlers of the standard services wait, and what else is nominal, by the scale of the run (`options.timeScale`)."""

    def __init__(self, params):
        self.scale = params["options"].get("timeScale", 1)

    def scaled(self, ms):
        """So many nominal ms as they are to last."""
        return ms * self.scale

    async def wait(self, ms):
        """Waits so many nominal ms."""
        await asyncio.sleep(self.scaled(ms) / 1000)
