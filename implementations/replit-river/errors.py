"""What an application learns from errors of the library."""

from replit_river.error_schema import (
    ERROR_HANDSHAKE,
    RiverError,
    RiverException,
    SessionClosedRiverServiceException,
)
from websockets.exceptions import ConnectionClosed


class ServiceError(RiverError):
    """An error as generated code would declare it: the optional extras are part of River's error schema."""

    extras: object = None


def tell_exception(call, exception):
    """Tells what an application learns from an exception of the library.

    The library says that the session is gone in three ways, alone or as the cause of what it raises; each stands for
    UNEXPECTED_DISCONNECT, River's code for that:
    - SessionClosedRiverServiceException: its synthetic code SESSION_CLOSED, "river session is closed";
    - RiverException with ERROR_HANDSHAKE: raised only after it has given up connecting and closed the session;
    - websockets' ConnectionClosed: given to calls as the reason when a close frame ended the session.
    Everything else keeps its own code, or the name of its class.
    """
    cause = exception
    while cause is not None:
        handshake = isinstance(cause, RiverException) and cause.code == ERROR_HANDSHAKE
        if handshake or isinstance(cause, (SessionClosedRiverServiceException, ConnectionClosed)):
            return call.error("UNEXPECTED_DISCONNECT", cause)
        cause = cause.__cause__
    # Newer releases hand on the server's own error, older ones only its code and a sentence around its message.
    underlying = getattr(exception, "underlying_error", None)
    if underlying is not None:
        return tell_error(call, underlying)
    if isinstance(exception, RiverException):
        return call.error(exception.code, exception.message)
    return call.error(type(exception).__name__, exception)


def tell_error(call, error):
    call.error(error.code, error.message, getattr(error, "extras", None))
