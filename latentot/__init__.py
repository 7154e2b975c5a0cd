"""latentot: are the points between two latents still latents that the model knows?

What there is to use is listed in `__init__.pyi`; each name is imported at its first use (Scientific Python's SPEC 1).
"""

import lazy_loader

_import, _names, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__")), "__version__"})


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("latentot")
    if name in __all__:
        return _import(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
