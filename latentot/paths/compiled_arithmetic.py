"""Arithmetic that compiled loops need and numba lacks; importing this needs numba, the `fast` extra."""

__all__ = ["bits_of", "float_of", "fma", "polynomial"]

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba import float64, int64
from numba.extending import intrinsic

DOUBLE, INTEGER = ir.DoubleType(), ir.IntType(64)


@intrinsic
def fma(typing: Any, x: Any, y: Any, z: Any) -> Any:  # noqa: ARG001 - numba reads the signature
    """x y + z, rounded once: the same digits on every machine, and in a loop's vectors as in its rest."""
    return float64(float64, float64, float64), lambda context, builder, signature, values: builder.fma(*values)  # noqa: ARG005


@intrinsic
def bits_of(typing: Any, x: Any) -> Any:  # noqa: ARG001
    """The bits of a float, as an integer."""
    return int64(float64), lambda context, builder, signature, values: builder.bitcast(values[0], INTEGER)  # noqa: ARG005


@intrinsic
def float_of(typing: Any, bits: Any) -> Any:  # noqa: ARG001
    """The float that has these bits."""
    return float64(int64), lambda context, builder, signature, values: builder.bitcast(values[0], DOUBLE)  # noqa: ARG005


def polynomial(coefficients: Sequence[float]) -> Any:
    """c_0 + c_1 x + c_2 x^2 + ... by Horner's rule, written out.

    A loop over coefficients inside a loop over numbers would keep the compiler from making the outer one vector code.

    Args:
        coefficients: lowest power first.
    """

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ARG001
        powers = [ir.Constant(DOUBLE, coefficient) for coefficient in coefficients]
        value = powers.pop()
        while powers:
            value = builder.fma(value, values[0], powers.pop())
        return value

    @intrinsic
    def evaluate(typing: Any, x: Any) -> Any:  # noqa: ARG001
        return float64(float64), emit

    return evaluate
