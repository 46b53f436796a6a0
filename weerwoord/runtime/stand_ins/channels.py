"""In the place of `rasa.core.channels`, which imports every messenger there is; ours is REST."""

from __future__ import annotations

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, OutputChannel, UserMessage
from rasa.core.channels.rest import RestInput

BUILTIN_CHANNELS = {RestInput.name(): RestInput}

__all__ = ["BUILTIN_CHANNELS", "CollectingOutputChannel", "InputChannel", "OutputChannel", "UserMessage"]
