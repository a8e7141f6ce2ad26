"""What adapters for RSocket in Python have in common, whatever their library: services, calls, credit, values and codes."""

from .asking import Asking
from .codes import code_name, code_number
from .items import Item, bytes_of, optional_bytes, read_optional, read_value, text_of
from .outlet import Outlet
from .running import Request, Services

__all__ = [
    "Asking",
    "Item",
    "Outlet",
    "Request",
    "Services",
    "bytes_of",
    "code_name",
    "code_number",
    "optional_bytes",
    "read_optional",
    "read_value",
    "text_of",
]
