"""Checks of a call: what comes back, and what is left alone."""

__all__ = ["BATCH", "DETERMINISTIC", "DTYPE", "ENDPOINTS", "FINITE", "INPUTS_KEPT", "SHAPE"]

import numpy as np

from latentot.checks.check import Check, Finding, failed
from latentot.checks.interpolation.case import Case

POSITIONS = (0.0, 0.25, 0.5, 1.0)


def _shape(case: Case) -> Finding | None:
    z0, z1 = case.pairs
    for n in (len(z0), 1):
        for t in POSITIONS:
            points = case.path(z0[:n].copy(), z1[:n].copy(), t)
            if not isinstance(points, np.ndarray):
                return failed(f"NumPy endpoints give {type(points).__name__}: return an array of the library given")
            if points.shape != z0[:n].shape:
                return failed(
                    f"at t = {t:g} points have shape {points.shape} for endpoints of {z0[:n].shape}: return one point "
                    "for each pair, of the shape of its endpoints"
                )
    return None


def _dtype(case: Case) -> Finding | None:
    for dtype in (np.float32, np.float64):
        z0, z1 = (z.astype(dtype) for z in case.pairs)
        for t in POSITIONS:
            found = case.walk(z0, z1, t).dtype
            if found != dtype:
                return failed(
                    f"endpoints of {np.dtype(dtype)} give points of {found} at t = {t:g}: compute as you like, and "
                    "return the dtype given (points.astype(z0.dtype))"
                )
    return None


def _endpoints(case: Case) -> Finding | None:
    z0, z1 = case.pairs
    for t, end, what in ((0, z0, "z0"), (1, z1, "z1")):
        points = case.walk(z0, z1, t)
        wrong = int((points != end).reshape(len(end), -1).any(axis=1).sum())
        if wrong:
            off = float(np.abs(points - end).max())
            return failed(
                f"at t = {t} {wrong} of {len(end)} points are not {what}, by up to {off:.2g}: return {what} itself "
                "there, bit for bit"
            )
    return None


def _finite(case: Case) -> Finding | None:
    z0, z1 = case.drawn(256)
    pairs = {"draws of the prior": (z0, z1), "equal endpoints": (z0, z0)}
    for what, (start, end) in pairs.items():
        for t in (0.01, 0.25, 0.5, 0.99):
            points = case.walk(start, end, t)
            wrong = int((~np.isfinite(points)).reshape(len(points), -1).any(axis=1).sum())
            if wrong:
                return failed(f"{wrong} of {len(points)} points between {what} are NaN or infinite at t = {t:g}")
    return None


def _inputs_kept(case: Case) -> Finding | None:
    z0, z1 = (z.copy() for z in case.pairs)
    for t in POSITIONS:
        case.path(z0, z1, t)
        if not all(np.array_equal(z, given) for z, given in zip((z0, z1), case.pairs, strict=True)):
            return failed("endpoints are changed: work on copies, without +=, *= or out=")
        points = case.path(z0, z1, t)
        if np.shares_memory(points, z0) or np.shares_memory(points, z1):
            return failed(
                f"points at t = {t:g} are the endpoints' own memory: return a copy, since changing one would "
                "change the other"
            )
    return None


def _batch(case: Case) -> Finding | None:
    (z0, z1), order = case.pairs, np.random.default_rng(case.seed).permutation(len(case.pairs[0]))
    for t in (0.25, 0.5):
        whole = case.walk(z0, z1, t)
        pieces = np.concatenate([case.walk(z0[i : i + 5], z1[i : i + 5], t) for i in range(0, len(z0), 5)])
        mixed = case.walk(z0[order], z1[order], t)
        for points, wanted, how in ((pieces, whole, "in batches of 5"), (mixed, whole[order], "in another order")):
            if not np.allclose(points, wanted, rtol=1e-9, atol=1e-9 * float(np.abs(wanted).max())):
                return failed(
                    f"at t = {t:g} points change when pairs come {how}: a point must depend on its own pair only "
                    "(one angle, norm or mean for a whole batch is a common cause)"
                )
    return None


def _deterministic(case: Case) -> Finding | None:
    z0, z1 = case.pairs
    for t in (0.25, 0.5):
        if not np.array_equal(case.walk(z0, z1, t), case.walk(z0, z1, t)):
            return failed(f"at t = {t:g} points differ the second time: take random numbers from a seed of its own")
    return None


SHAPE = Check("shape", "points have the shape of endpoints", _shape)
DTYPE = Check("dtype", "points have the dtype of endpoints", _dtype)
ENDPOINTS = Check("endpoints", "t = 0 gives z0 and t = 1 gives z1, bit for bit", _endpoints)
FINITE = Check("finite", "points are finite, between equal endpoints too", _finite)
INPUTS_KEPT = Check("inputs-kept", "endpoints are neither changed nor returned", _inputs_kept)
BATCH = Check("batch", "a point depends on its own pair only", _batch)
DETERMINISTIC = Check("deterministic", "the same endpoints give the same points", _deterministic)
