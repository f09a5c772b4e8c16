from collections.abc import Callable
from typing import Any

from numba import config as config

def njit(**options: Any) -> Callable[[Callable[..., Any]], Any]: ...
def typeof(value: object) -> Any: ...
